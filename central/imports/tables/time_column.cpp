#include "central/imports/tables/time_column.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>

namespace imports::tables {

namespace {

using drivers::tables::TimeFormat;

constexpr std::size_t kSecondsEnd = 19;  // Of "2026-11-29 18:30:00".
constexpr const char* kRfc3339 = "rfc3339";
constexpr const char* kDatetime = "datetime";

const TimeFormat& seconds_format() {
    static const auto kFormat = TimeFormat::parse("%Y-%m-%d %H:%M:%S").value();
    return kFormat;
}

bool sorts_as_time(const std::string& pattern) {
    for (const char* begin :
         {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%F %T", "%FT%T", kRfc3339}) {
        if (pattern.starts_with(begin)) return true;
    }
    return false;
}

/// Whether text has a T between the day and the hour.
bool has_t(const std::string& pattern) {
    return pattern == kRfc3339 || pattern.starts_with("%Y-%m-%dT") || pattern.starts_with("%FT");
}

std::optional<base::EventTime> usable(base::EventTime at) {
    const bool is_usable = at >= base::EventTime{} && at < drivers::tables::kTimesEnd;
    return is_usable ? std::optional{at} : std::nullopt;
}

std::string text_of(const odbc::Value& cell) {
    if (const auto* const text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* const whole = std::get_if<std::int64_t>(&cell)) return fmt::to_string(*whole);
    if (const auto* const number = std::get_if<double>(&cell)) return fmt::format("{}", *number);
    return {};
}

}  // namespace

base::Result<TimeColumn> TimeColumn::parse(const std::string& format,
                                           drivers::tables::TimeZone zone) {
    if (format == kDatetime) return TimeColumn{Kind::datetime, format, seconds_format(), zone};
    auto parsed = TimeFormat::parse(format);
    if (format == "unix_ms") return TimeColumn{Kind::unix_ms, format, parsed.value(), {}};
    if (format == "unix") return TimeColumn{Kind::unix_seconds, format, parsed.value(), {}};
    if (parsed && sorts_as_time(format)) {
        return TimeColumn{Kind::text, format, std::move(parsed).value(), std::move(zone)};
    }
    return base::Error{
        base::Fault::misconfigured,
        fmt::format("\"{}\" cannot be asked for by time: write \"unix_ms\", \"unix\" (seconds), "
                    "\"datetime\" (the server's own type), \"rfc3339\", or a pattern that begins "
                    "\"%Y-%m-%d %H:%M:%S\"; for any other make a view whose column is one of these",
                    format)};
}

ColumnTime TimeColumn::placed(base::EventTime written) const {
    ColumnTime time{.written = written};
    const auto instants = zone_.instants_of(written);
    if (!instants.first) {
        time.trouble = "clocks were put forward over it";
    } else if (instants.second) {
        time.trouble = "clocks showed it twice";
    } else {
        time.at = usable(*instants.first);
        time.trouble = "no time";
    }
    return time;
}

std::optional<ColumnTime> TimeColumn::read_text(const std::string& text) const {
    auto local = text.substr(0, kSecondsEnd);
    if (local.size() == kSecondsEnd && local[10] == 'T') local[10] = ' ';
    const auto seconds = seconds_format().read(local);
    const auto time = format_.read_written(text);
    if (!seconds || !time) return std::nullopt;
    // A fraction, which is the same in every zone.
    const auto written = *seconds + time->at.time_since_epoch() % std::chrono::seconds{1};
    if (time->has_zone) return ColumnTime{.written = written, .at = time->at};
    return placed(written);
}

std::optional<ColumnTime> TimeColumn::read(const odbc::Value& cell) const {
    if (const auto* const time = std::get_if<odbc::Time>(&cell)) {
        const auto written = usable(std::chrono::floor<base::Duration>(*time));
        return written && is_datetime() ? std::optional{placed(*written)} : std::nullopt;
    }
    if (is_datetime() || std::holds_alternative<std::monostate>(cell)) return std::nullopt;
    if (is_text()) return read_text(text_of(cell));
    std::optional<base::EventTime> at;
    if (const auto* const whole = std::get_if<std::int64_t>(&cell)) {
        const std::int64_t scale = kind_ == Kind::unix_ms ? 1 : 1'000;
        const auto most = base::to_milliseconds(drivers::tables::kTimesEnd) / scale;
        if (*whole >= 0 && *whole < most) at = base::from_milliseconds(*whole * scale);
    } else {
        at = format_.read(text_of(cell));
    }
    if (!at) return std::nullopt;
    return ColumnTime{.written = *at, .at = *at};
}

std::string_view TimeColumn::meant_by(const odbc::Value& cell) const {
    if (is_datetime() || is_text()) return {};
    return format_.meant_by(text_of(cell));
}

std::string TimeColumn::literal(base::EventTime written) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(written);
    const auto since = seconds.time_since_epoch().count();
    if (kind_ == Kind::unix_ms) return fmt::format("{}", since * 1'000);
    if (kind_ == Kind::unix_seconds) return fmt::format("{}", since);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{day};
    const bool is_with_t = is_datetime() || has_t(name_);
    return fmt::format("'{:04}-{:02}-{:02}{}{:%T}'", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       is_with_t ? 'T' : ' ', seconds - day);
}

base::EventTime TimeColumn::written_of(base::EventTime instant) const {
    return std::chrono::floor<std::chrono::seconds>(zone_.local_of(instant));
}

}  // namespace imports::tables
