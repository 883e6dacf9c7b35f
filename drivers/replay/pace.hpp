#pragma once

#include <optional>

#include "base/clock.hpp"

namespace drivers::replay {

/// Decides when a row is due: at its distance in time from the first row, divided by the speed.
/// Without a speed every row is due at once.
class Pace {
  public:
    explicit Pace(std::optional<double> speed) : speed_(speed) {}

    bool is_due(base::EventTime time, base::Instant now);

  private:
    std::optional<double> speed_;
    std::optional<base::Instant> began_;
    base::EventTime first_;
};

}  // namespace drivers::replay
