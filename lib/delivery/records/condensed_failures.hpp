#pragma once

#include <map>
#include <vector>

#include "delivery/records/condensed.hpp"
#include "delivery/records/failed_lines.hpp"

namespace delivery {

/// Condenses counts of failed readings that share a clock: adds up those of a series and reason
/// within a minute or a quarter of an hour. Loses none of them.
class CondensedFailures {
  public:
    CondensedFailures(Detail detail, ClockOrigin clock)
        : detail_(detail), clock_(std::move(clock)) {}

    bool accepts(Detail detail, const ClockOrigin& clock) const {
        return detail == detail_ && clock.is_near(clock_);
    }
    void add(const wire::Failed& failed);

    /// Adds the lines, in order of time.
    void write(std::vector<ThinnedLine>& lines) const;

  private:
    wire::Failed header(base::EventTime at, base::Duration span) const;

    Detail detail_;
    ClockOrigin clock_;
    std::map<base::Duration, FailedCounts> counts_;  // By their span.
};

}  // namespace delivery
