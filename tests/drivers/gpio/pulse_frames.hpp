#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "drivers/dht/bytes.hpp"

namespace pulse {

/// How long the phases of a sensor's answer take, in µs.
struct Timing {
    double response_low = 80;
    double response_high = 80;
    double bit_low = 50;
    double zero_high = 26;
    double one_high = 70;
    double jitter = 0;  // Of each phase: uniform within this share of it.
};

inline constexpr Timing kDht11{};
/// Its captures have 85 µs for a 0 and 134 µs for a 1.
inline constexpr Timing kAm2301{.bit_low = 57, .zero_high = 28, .one_high = 77};

drivers::dht::Bytes with_checksum(std::array<std::uint8_t, 4> data);

/// Bytes that a sensor of that model may send; one in four below zero, in each known encoding.
drivers::dht::Bytes random_bytes(drivers::dht::Model model, base::Random& random);

/// The falling edges of an answer in ns: the response, then a falling edge before each bit, then
/// the last. `extra_bits` zeros follow the 40.
std::vector<std::int64_t> falls_of(const drivers::dht::Bytes& bytes, const Timing& timing,
                                   base::Random& random, std::size_t extra_bits = 0);

}  // namespace pulse
