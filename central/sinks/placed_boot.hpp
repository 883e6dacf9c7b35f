#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace sinks {

/// A boot of a node that did not know the time at first.
struct PlacedBoot {
    base::EventTime started;
    base::EventTime clock_set;
    std::uint64_t records = 0;  // That waited for it, and were placed.
};

}  // namespace sinks
