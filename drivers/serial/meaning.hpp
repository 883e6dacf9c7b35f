#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/core/driver.hpp"

namespace drivers::serial {

/// From what a board sends to the unit that is recorded: (value + add) * multiply / divide. Two
/// factors, so that 20.3 cm are 0.203 m to the last digit.
struct Scale {
    double add = 0;
    double multiply = 1;
    double divide = 1;

    double apply(double value) const { return (value + add) * multiply / divide; }
    bool operator==(const Scale&) const = default;
};

/// What a key or a mapping stands for.
struct Meaning {
    Quantity quantity;
    Scale scale;
};

/// Of a key that explains itself: "temperature", "temp_2", "distance_cm". Nothing for others, and
/// for "pressure": whether that is Pa or hPa would be a guess; "pressure_hpa" is none.
std::optional<Meaning> meaning_of_key(std::string_view key);

/// Of `quantity:unit` in the configuration, where the unit is what the board sends: SenML, or one
/// that is converted ("cm", "hPa", "mV", "degF" …). Without a unit it is the usual one.
Meaning meaning_of_mapping(const std::string& quantity, const std::optional<std::string>& unit);

/// Of any other key that is to be accepted: a number without a unit.
Meaning meaning_of_any(std::string_view key);

}  // namespace drivers::serial
