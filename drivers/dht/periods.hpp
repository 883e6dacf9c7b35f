#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drivers::dht {

/// Consecutive periods that can all be bits.
struct BitRun {
    std::size_t first = 0;           // Index of its first period in the frame.
    std::vector<std::uint8_t> bits;  // 0 or 1 each.
};

/// Finds the limits between 0, 1 and neither in the frame's own periods, and cuts it into runs.
std::vector<BitRun> find_bit_runs(std::span<const double> periods_us);

}  // namespace drivers::dht
