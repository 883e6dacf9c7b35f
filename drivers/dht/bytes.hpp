#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace drivers::dht {

/// Which sensor it is: configured, never guessed. dht22 is also AM2301, AM2302 and DHT21.
enum class Model { dht11, dht22 };

std::optional<Model> parse_model(std::string_view name);

struct Climate {
    double humidity_percent = 0;     // Relative: 0 to 100.
    double temperature_celsius = 0;  // dht11: -20 to 60, dht22: -40 to 80.

    auto operator<=>(const Climate&) const = default;
};

using Bytes = std::array<std::uint8_t, 5>;

/// The sum of the first four bytes is the fifth.
bool checksum_holds(const Bytes& bytes);

/// What the five bytes say, or nothing when no such sensor can mean them. The checksum has 8 bits
/// only, so that plausibility is what keeps most wrong frames out. Does not look at the checksum.
///
/// dht11: humidity, its tenths, temperature, its tenths. Older parts always send tenths of 0;
/// newer ones set bit 7 of the temperature's tenths below zero (DHTesp, pull request 44).
/// dht22: tenths of a percent and of a degree, two bytes each; below zero by sign and magnitude, or
/// in two's complement in some clones (AM2302-Sensor, pull request 14). The ranges do not overlap.
std::optional<Climate> plausible_climate(Model model, const Bytes& bytes);

/// Whether a climate lies in the model's range: for values that came without bytes.
bool is_plausible(Model model, const Climate& climate);

}  // namespace drivers::dht
