#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "drivers/dht/bytes.hpp"

namespace drivers::dht {

/// Why there is no reading: what Failure::reason says. All of them pass with the next try.
namespace dht_reason {
inline constexpr std::string_view kNoResponse = "no response";
inline constexpr std::string_view kShortFrame = "short frame";  // Too few edges.
inline constexpr std::string_view kBadPulse = "bad pulse";      // Enough, but some are no bits.
inline constexpr std::string_view kChecksum = "checksum";
inline constexpr std::string_view kImplausible = "implausible";
inline constexpr std::string_view kAmbiguous = "ambiguous";  // Two alignments would do.
}  // namespace dht_reason

/// The times of falling edges, in nanoseconds and ascending, as a climate. Knows no GPIO and no
/// clock. From one falling edge to the next a sensor takes 76 µs for a 0 and 120 µs for a 1 (DHT11
/// data sheet; an AM2301 takes 85 and 134), so that the limit between them is found in each frame.
///
/// The first 40 bits count, of 40 to 64 that a sensor sends. The response before them may be
/// missing, and so may leading bits that must be 0: one of a DHT11, two of a DHT22. Accepts only
/// when exactly one alignment passes the checksum and is plausible; never mends a hole inside the
/// bits.
base::Result<Climate> decode_falls(Model model, std::span<const std::int64_t> falls_ns);

}  // namespace drivers::dht
