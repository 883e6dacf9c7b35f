#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What the name of a column says of the unit of what is in it.
namespace drivers::tables {

/// A unit in a name.
struct UnitMark {
    enum class Certainty {
        sure,     // It stands in brackets, behind a comma, a dash or a slash, or is in degrees.
        likely,   // It is a part of the name, and converts.
        unknown,  // It can only be meant as a unit, and is none that is known.
    };

    std::string text;  // As it stands there: "°F".
    Certainty certainty = Certainty::sure;
};

/// "Temp (°C)", "p [mbar]", "Temp, °F (S/N: 7)", "Rain - in", "p / hPa", "°F Temp"; if it converts
/// to `unit`, "temp_F", "TempF", "battery_mv", "wind_mi_h", "F", also before words like "Avg"; and,
/// unknown, "Radon (pCi/L)", "Precip (1/100 in)". Nothing when the name has none. Of a pointer into
/// JSON the last member counts.
std::optional<UnitMark> unit_in(std::string_view name, std::string_view unit);

/// A unit alone, with or without brackets: "[°C]".
std::string_view without_brackets(std::string_view text);

}  // namespace drivers::tables
