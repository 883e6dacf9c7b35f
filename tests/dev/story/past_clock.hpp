#pragma once

#include "base/clock.hpp"

namespace story {

/// The clock of a node in a past that passes as fast as it is told. The time since the boot is
/// right; the wall clock is off by what the boot made of it.
class PastClock final : public base::Clock {
  public:
    PastClock(const base::EventTime& now, base::EventTime booted, base::Duration skew)
        : now_(now), booted_(booted), skew_(skew) {}

    base::EventTime event_time() const override { return now_ + skew_; }
    base::Instant instant() const override { return base::Instant{now_ - booted_}; }

    void set(base::Duration skew) { skew_ = skew; }

  private:
    const base::EventTime& now_;  // The truth.
    base::EventTime booted_;
    base::Duration skew_;
};

}  // namespace story
