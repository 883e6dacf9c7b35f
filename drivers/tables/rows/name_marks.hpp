#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What the name of a column says beside what is in it.
namespace drivers::tables {

/// A unit in a name.
struct UnitMark {
    std::string text;      // As it stands there: "°F".
    bool is_sure = false;  // It stands in brackets, or behind a comma or a slash.
};

/// "Temp (°C)", "p [mbar]", "Temp, °F (S/N: 7)", "p / hPa"; less surely "temp_F" and "Temp F", if
/// it converts to `unit`. Nothing when the name has none.
std::optional<UnitMark> unit_in(std::string_view name, std::string_view unit);

/// A unit alone, with or without brackets: "[°C]".
std::string_view without_brackets(std::string_view text);

/// A time zone in a name.
struct ZoneMark {
    std::string text;                 // As it stands there: "GMT-05:00".
    std::optional<std::string> zone;  // For TimeZone::find(). None: it can mean several, as "CST".
};

/// "Date Time, GMT-05:00", "time (UTC+1)", "time_utc", "Zeit [Europe/Berlin]", "Time (CET)".
std::optional<ZoneMark> zone_in(std::string_view name);

}  // namespace drivers::tables
