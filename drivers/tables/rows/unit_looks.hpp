#pragma once

#include <string_view>

/// Texts that people write as units, whether their meaning is known here or not.
namespace drivers::tables {

/// Whether a text beside a name can only be meant as a unit, known or not: "pCi/L", "lum/ft²",
/// "mp/h", "°C/°F", "m°C", "W m-2"; and, if what is multiplied converts to `unit`, "0.1 °C" and
/// "1/100 in". Not "Sensor 1", "indoor", "avg", "0/1", "2 m" beside a temperature.
bool looks_like_unit(std::string_view text, std::string_view unit);

/// Whether two texts are one unit, but for how it is spelt: "W/m²" and "W/m2", "°" and "deg".
bool is_same_unit(std::string_view one, std::string_view other);

}  // namespace drivers::tables
