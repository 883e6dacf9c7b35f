#pragma once

#include "base/clock.hpp"

namespace support {

/// A clock that stands still until a test moves it. Wall time and boot time move independently.
class ManualClock final : public base::Clock {
  public:
    explicit ManualClock(base::EventTime start = base::from_milliseconds(1'763'640'000'000))
        : wall_(start) {}

    base::EventTime event_time() const override { return wall_; }
    base::Instant instant() const override { return steady_; }

    void advance(base::Duration step) {
        wall_ += step;
        steady_ += step;
    }

    /// The wall clock is set.
    void step_wall(base::Duration step) { wall_ += step; }

  private:
    base::EventTime wall_;
    base::Instant steady_{std::chrono::hours{1}};
};

}  // namespace support
