#pragma once

#include <deque>

#include "drivers/core/driver.hpp"

namespace drivers {

/// Holds what a driver has measured until it is collected. Bounded: when there is too much, the
/// oldest measurements are dropped, and the next harvest says how many.
class Pending {
  public:
    /// Room for `measurements_max` measurements and 64 failures.
    explicit Pending(std::size_t measurements_max);

    void add(Measurement measurement);
    void add(Failure failure);

    /// The number of measurements that wait.
    std::size_t size() const { return measurements_.size(); }

    Harvest take(base::Instant now, std::size_t measurements_max);

  private:
    std::size_t measurements_max_;
    std::deque<Measurement> measurements_;
    std::deque<Failure> failures_;
    std::size_t overrun_ = 0;
};

}  // namespace drivers
