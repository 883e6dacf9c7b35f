#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace drivers::dht {

/// The sensor's model: configured, never guessed. An AM2301, AM2302 or DHT21 is a dht22.
enum class Model { dht11, dht22 };

std::optional<Model> parse_model(std::string_view name);

struct Climate {
    double humidity_percent = 0;     // Relative: 0 to 100.
    double temperature_celsius = 0;  // dht11: -20 to 60, dht22: -40 to 80.

    auto operator<=>(const Climate&) const = default;
};

using Bytes = std::array<std::uint8_t, 5>;

/// Whether the fifth byte is the sum of the other four.
bool checksum_holds(const Bytes& bytes);

/// What the five bytes mean; nothing when no such sensor can mean it. The checksum has only 8 bits,
/// so it is plausibility that keeps most wrong frames out. Does not check the checksum.
///
/// dht11: humidity, its tenths, temperature, its tenths. Older parts always send 0 as tenths; newer
/// ones set bit 7 of the temperature's tenths below zero (DHTesp, pull request 44).
/// dht22: tenths of a percent and of a degree, two bytes each. Below zero they are sign and
/// magnitude, in some clones two's complement (AM2302-Sensor, pull request 14); the ranges of these
/// do not overlap.
std::optional<Climate> plausible_climate(Model model, const Bytes& bytes);

/// Whether a climate lies in the model's range; for values that came without bytes.
bool is_plausible(Model model, const Climate& climate);

}  // namespace drivers::dht
