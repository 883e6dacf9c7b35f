#pragma once

#include "base/clock.hpp"

namespace alerts {

/// Now, by both clocks: one to wait by, one to tell people.
struct Moment {
    base::Instant instant;
    base::EventTime time;
};

}  // namespace alerts
