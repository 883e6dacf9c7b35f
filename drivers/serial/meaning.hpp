#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/core/driver.hpp"

namespace drivers::serial {

/// Converts what a board sends to the recorded unit: (value + add) * multiply / divide. Two
/// factors, so that 20.3 cm become 0.203 m to the last digit.
struct Scale {
    double add = 0;
    double multiply = 1;
    double divide = 1;

    double apply(double value) const { return (value + add) * multiply / divide; }
    bool operator==(const Scale&) const = default;
};

/// What a key or a mapping means.
struct Meaning {
    Quantity quantity;
    Scale scale;
};

/// The meaning of a key that explains itself: "temperature", "temp_2", "distance_cm". Nothing for
/// any other, nor for "pressure", which may be in Pa or hPa; "pressure_hpa" is clear.
std::optional<Meaning> meaning_of_key(std::string_view key);

/// The meaning of `quantity:unit` in the configuration. The unit is the one that the board sends: a
/// SenML unit, or one that is converted ("cm", "hPa", "mV", "degF" …). The default is the
/// quantity's usual unit.
Meaning meaning_of_mapping(const std::string& quantity, const std::optional<std::string>& unit);

/// The meaning of any other key that is accepted: a number without a unit.
Meaning meaning_of_any(std::string_view key);

}  // namespace drivers::serial
