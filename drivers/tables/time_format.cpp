#include "drivers/tables/time_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace drivers::tables {

namespace {

constexpr const char* kFullTime = "%Y-%m-%dT%H:%M:%S%z";

struct UnixFormat {
    std::string_view name;
    double units_a_second;
};

constexpr std::array<UnixFormat, 4> kUnixFormats{
    {{"unix", 1}, {"unix_ms", 1e3}, {"unix_us", 1e6}, {"unix_ns", 1e9}}};

// Between 2001 and 2100 a number of seconds since 1970 cannot be one of another unit: those would
// be in January 1970, or thousands of years from now.
constexpr double kSecondsLeast = 1e9;
constexpr double kSecondsMost = 4.1e9;

// What Excel shows as a date is a number of days; 1970 to 2100. As seconds they would be in the
// first day of 1970.
constexpr std::string_view kExcel = "excel";
constexpr double kDaysTo1970 = 25'569;
constexpr double kDaysMost = 73'051;

std::optional<WrittenTime> read_rfc3339(std::string_view text, const TimePattern& pattern) {
    std::string full{text};
    if (full.size() > 10 && (full[10] == ' ' || full[10] == 't')) full[10] = 'T';
    if (auto time = pattern.read(full)) return time;
    auto local = pattern.read(full + "Z");
    if (local) local->has_zone = false;
    return local;
}

std::optional<double> read_number(std::string_view text) {
    std::string plain{base::trimmed(text)};
    // A fraction may have a decimal comma.
    if (std::count(plain.begin(), plain.end(), ',') == 1) plain[plain.find(',')] = '.';
    double number = 0;
    const auto* const end = plain.data() + plain.size();
    const auto parsed = std::from_chars(plain.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number;
}

bool is_of_our_time(double number, double units_a_second) {
    const double seconds = number / units_a_second;
    return seconds >= kSecondsLeast && seconds < kSecondsMost;
}

}  // namespace

base::Result<TimeFormat> TimeFormat::parse(const std::string& text) {
    for (const auto& [name, units] : kUnixFormats) {
        if (text == name) return TimeFormat{units, std::nullopt};
    }
    if (text == kExcel) {
        TimeFormat format{0, std::nullopt};
        format.is_days_ = true;
        return format;
    }
    if (text == "rfc3339") return TimeFormat{0, TimePattern::parse(kFullTime).value(), true};
    if (text.find('%') == std::string::npos) {
        return base::Error{
            base::Fault::misconfigured,
            fmt::format("\"{}\" is not a time format: \"unix\", \"unix_ms\", "
                        "\"unix_us\", \"unix_ns\", \"excel\", \"rfc3339\" or a pattern "
                        "like "
                        "\"%Y-%m-%d %H:%M:%S\"",
                        text)};
    }
    auto pattern = TimePattern::parse(text);
    if (!pattern) return pattern.error();
    return TimeFormat{0, std::move(pattern).value()};
}

std::optional<base::EventTime> TimeFormat::read(std::string_view text) const {
    const auto written = read_written(text);
    return written ? std::optional{written->at} : std::nullopt;
}

std::optional<WrittenTime> TimeFormat::read_written(std::string_view text) const {
    text = base::trimmed(text);
    if (pattern_) return is_rfc3339_ ? read_rfc3339(text, *pattern_) : pattern_->read(text);
    const auto number = read_number(text);
    if (!number || !meant_by(text).empty()) return std::nullopt;
    if (is_days_) return read_days(*number);
    const double milliseconds = std::round(*number * (1000 / units_a_second_));
    if (!(milliseconds >= 0) ||
        milliseconds >= static_cast<double>(base::to_milliseconds(kTimesEnd))) {
        return std::nullopt;
    }
    return WrittenTime{.at = base::from_milliseconds(static_cast<std::int64_t>(milliseconds)),
                       .has_zone = true};
}

std::optional<WrittenTime> TimeFormat::read_days(double days) const {
    const double milliseconds = std::round((days - kDaysTo1970) * 86'400'000);
    if (!(milliseconds >= 0) ||
        milliseconds >= static_cast<double>(base::to_milliseconds(kTimesEnd))) {
        return std::nullopt;
    }
    return WrittenTime{.at = base::from_milliseconds(static_cast<std::int64_t>(milliseconds))};
}

std::string_view TimeFormat::meant_by(std::string_view text) const {
    const auto number = read_number(text);
    if (!number) return {};
    const bool has_units = !pattern_ && !is_days_;
    if (has_units && is_of_our_time(*number, units_a_second_)) return {};
    for (const auto& [name, units] : kUnixFormats) {
        if (is_of_our_time(*number, units)) return name;
    }
    const bool is_excel = *number >= kDaysTo1970 && *number < kDaysMost;
    return is_excel && !is_days_ ? kExcel : std::string_view{};
}

}  // namespace drivers::tables
