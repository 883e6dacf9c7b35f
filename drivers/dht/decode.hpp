#pragma once

#include <cstdint>
#include <span>

#include "drivers/core/attempt.hpp"
#include "drivers/dht/bytes.hpp"

namespace drivers::dht {

/// Decodes the times of falling edges, ascending and in nanoseconds. Knows no GPIO and no clock.
/// From one falling edge to the next a sensor takes 76 µs for a 0 and 120 µs for a 1 (DHT11 data
/// sheet; an AM2301 takes 85 and 134), so the limit between them is found afresh in each frame.
///
/// A sensor sends 40 to 64 bits, of which the first 40 count. The response before them may be
/// missing, and so may leading bits that must be 0: one of a DHT11, two of a DHT22. Accepts a frame
/// only if exactly one alignment passes the checksum and is plausible; never mends a gap inside the
/// bits.
Attempt<Climate> decode_falls(Model model, std::span<const std::int64_t> falls_ns);

// The refusals of more than one way to read a sensor.

Refusal no_response();
Refusal wrong_checksum();

/// No such sensor can mean these values.
Refusal implausible();

}  // namespace drivers::dht
