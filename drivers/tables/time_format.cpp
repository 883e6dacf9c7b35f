#include "drivers/tables/time_format.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace drivers::tables {

namespace {

constexpr const char* kFullTime = "%Y-%m-%dT%H:%M:%S%z";

std::optional<base::EventTime> read_rfc3339(std::string_view text, const TimePattern& pattern) {
    std::string full{text};
    if (full.size() > 10 && (full[10] == ' ' || full[10] == 't')) full[10] = 'T';
    if (auto time = pattern.read(full)) return time;
    return pattern.read(full + "Z");
}

std::optional<base::EventTime> read_number(std::string_view text, double to_milliseconds) {
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
    const double time = std::round(number * to_milliseconds);
    if (!(time >= 0) || time >= static_cast<double>(base::to_milliseconds(kTimesEnd))) {
        return std::nullopt;
    }
    return base::from_milliseconds(static_cast<std::int64_t>(time));
}

}  // namespace

base::Result<TimeFormat> TimeFormat::parse(const std::string& text) {
    if (text == "unix") return TimeFormat{Kind::unix_seconds, std::nullopt};
    if (text == "unix_ms") return TimeFormat{Kind::unix_milliseconds, std::nullopt};
    if (text == "rfc3339") return TimeFormat{Kind::rfc3339, TimePattern::parse(kFullTime).value()};
    if (text.find('%') == std::string::npos) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("\"{}\" is not a time format: \"unix\", \"unix_ms\", "
                                       "\"rfc3339\" or a pattern like \"%Y-%m-%d %H:%M:%S\"",
                                       text)};
    }
    auto pattern = TimePattern::parse(text);
    if (!pattern) return pattern.error();
    return TimeFormat{Kind::pattern, std::move(pattern).value()};
}

std::optional<base::EventTime> TimeFormat::read(std::string_view text) const {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    switch (kind_) {
        case Kind::unix_seconds:
            return read_number(text, 1000);
        case Kind::unix_milliseconds:
            return read_number(text, 1);
        case Kind::rfc3339:
            return read_rfc3339(text, *pattern_);
        case Kind::pattern:
            return pattern_->read(text);
    }
    return std::nullopt;
}

}  // namespace drivers::tables
