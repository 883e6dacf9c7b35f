#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "drivers/core/driver.hpp"

namespace drivers {

/// Holds what a driver has measured until it is collected. Bounded: when there is too much, the
/// oldest are dropped, and the next harvest counts them as failures of the quantities that they
/// belong to.
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
    /// What was dropped of the same quantities (none: all), and when the last of it was taken.
    struct Overrun {
        std::uint64_t readings = 0;
        base::Instant last;
        std::optional<base::EventTime> last_source_time;
    };

    void drop(const Measurement& measurement);
    void drop(const Failure& failure);
    void add_overruns(Harvest& harvest);

    std::size_t measurements_max_;
    std::deque<Measurement> measurements_;
    std::deque<Failure> failures_;
    std::map<std::vector<std::size_t>, Overrun> overruns_;  // By quantities.
};

}  // namespace drivers
