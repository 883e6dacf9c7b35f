#pragma once

#include "base/clock.hpp"

namespace support {

/// Asks again and again until the predicate holds; false when the time is up. For things that
/// another process or a library's thread does in its own time.
template <class Predicate>
bool eventually(Predicate predicate, base::Duration timeout = std::chrono::seconds{10},
                base::Duration step = std::chrono::milliseconds{5}) {
    const base::SystemClock clock;
    const base::Instant end = clock.instant() + timeout;
    while (!predicate()) {
        if (clock.instant() >= end) return false;
        base::pause_for(step);
    }
    return true;
}

}  // namespace support
