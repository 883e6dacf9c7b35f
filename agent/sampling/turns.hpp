#pragma once

#include <optional>

#include "base/clock.hpp"

namespace agent {

/// Decides when it is one sensor's turn: on the grid of its period, and once more on request.
/// Triggers nothing itself and asks no clock.
class Turns {
  public:
    /// The first turn is at `first`. A period of zero has no turns.
    Turns(base::Duration period, base::Instant first) : period_(period), due_(first) {}

    /// Begins the turn that is due at `now`; false when none is. Turns do not drift, and after a
    /// pause there is one, not all that were missed. `rest` is what the sensor needs between two.
    bool begin_turn(base::Instant now, base::Duration rest);

    /// Asks for one turn outside the period, as soon as the rest allows. A turn that would come
    /// within a second anyway serves instead.
    void ask(base::Instant now, base::Duration rest);

  private:
    base::Duration period_;
    base::Instant due_;
    std::optional<base::Instant> asked_;  // When the turn outside the period is due.
    std::optional<base::Instant> last_;
};

}  // namespace agent
