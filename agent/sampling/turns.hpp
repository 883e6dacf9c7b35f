#pragma once

#include <optional>

#include "base/clock.hpp"

namespace agent {

/// When a sensor's turn has come: on the grid of its period, and once more when somebody asks.
/// Triggers nothing itself and asks no clock.
class Turns {
  public:
    /// The first turn is at `first`. A period of zero has no turns.
    Turns(base::Duration period, base::Instant first) : period_(period), due_(first) {}

    /// True when it is to be triggered now; counts as done. No drift, and after a pause one turn,
    /// not all that were missed. `rest` is what the sensor needs between two.
    bool take(base::Instant now, base::Duration rest);

    /// One turn beside the period, as soon as the rest allows. When a turn comes anyway within a
    /// second, that is the one.
    void ask(base::Instant now, base::Duration rest);

  private:
    base::Duration period_;
    base::Instant due_;
    std::optional<base::Instant> asked_;  // When the turn beside the period is due.
    std::optional<base::Instant> last_;
};

}  // namespace agent
