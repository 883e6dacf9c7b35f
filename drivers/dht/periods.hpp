#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace drivers::dht {

/// Periods that can all be bits, one after the other.
struct BitRun {
    std::size_t first = 0;  // Index of its first period in the frame.
    std::vector<bool> bits;
};

/// Finds the limits between 0, 1 and neither in this frame's own periods, and cuts it into runs.
std::vector<BitRun> find_bit_runs(std::span<const double> periods_us);

}  // namespace drivers::dht
