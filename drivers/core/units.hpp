#pragma once

#include <optional>
#include <string_view>

namespace drivers {

/// Converts a value: (value + add) * multiply / divide. Two factors, so that 20.3 cm become 0.203 m
/// and 73.4 °F 23 °C to the last digit.
struct Scale {
    double add = 0;
    double multiply = 1;
    double divide = 1;

    double apply(double value) const { return (value * multiply + add * multiply) / divide; }
    bool operator==(const Scale&) const = default;
};

/// A SenML unit (RFC 8428) without a prefix, and how values become values in it.
struct Unit {
    std::string_view unit;
    Scale scale{};
};

/// Whether devices and people write a unit like this: "cm", "°C", "*C", "deg F", "inHg", "% RH".
bool is_unit(std::string_view written);

/// What a unit means wherever it stands: "°F" is converted to Cel, "hPa" to Pa, "%" to a part of 1.
/// Nothing for one that is unknown, or that only its quantity explains: "C" may be a temperature or
/// a charge, "F" farad, "g" a weight or an acceleration.
std::optional<Unit> clear_unit(std::string_view written);

/// How values in a unit as people write it become values in a SenML unit: "°F" or "F" in "Cel",
/// "cm" in "m", "Pa" in "hPa", "%" in "%RH". Nothing when it is unknown or measures something else.
std::optional<Scale> conversion(std::string_view written, std::string_view unit);

}  // namespace drivers
