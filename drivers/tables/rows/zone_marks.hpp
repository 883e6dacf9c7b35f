#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace drivers::tables {

/// A time zone in a name.
struct ZoneMark {
    std::string text;                 // As it stands there: "GMT-05:00".
    std::optional<std::string> zone;  // For TimeZone::find(). None: it can mean several, as "CST".
};

/// "Date Time, GMT-05:00", "time (UTC+1)", "time_utc", "Zeit [Europe/Berlin]", "Time (CET)",
/// "Date-Time (EST/EDT)".
std::optional<ZoneMark> zone_in(std::string_view name);

/// What to write as time_zone for clocks of a zone that can mean several, with names of regions
/// that have it: "\"America/New_York\" …, or \"-05:00\" for clocks that are never put forward".
std::string zones_for(std::string_view text);

/// Whether a name says that its times are local, and not where: "local_time", "time_local".
bool is_local_name(std::string_view name);

/// Whether a column of that name says the zone of each row: "timezone", "tz", "utc_offset".
bool is_zone_name(std::string_view name);

}  // namespace drivers::tables
