#pragma once

#include <map>
#include <vector>

#include "agent/sampling/timeline.hpp"
#include "base/clock.hpp"
#include "delivery/records/record_lines.hpp"
#include "delivery/records/span_fold.hpp"

namespace agent {

/// Folds the readings of series that are sent as partials: one partial a series and span. A span is
/// closed when its time is over. A reading that comes later begins another partial of the same
/// span, and merging the two gives what one would have been. Bounded: a series with more than
/// kOpenSpansMax open spans closes all of them. Asks no clock.
class Aggregator {
  public:
    static constexpr std::size_t kOpenSpansMax = 8;

    /// Readings whose times count differently (may_share_record) never share a partial.
    void add(const delivery::PendingReading& reading, base::Duration span);

    /// Closes the spans that are over, and all whose times do not count as times do now.
    void close_until(const Stamp& now);
    /// Closes all spans of a series: its readings must not wait.
    void close(std::size_t series);
    void close_all();

    /// Hands over the closed partials, in the order in which they were closed.
    std::vector<delivery::PendingPartial> take();

    /// How many partials are closed and wait for take().
    std::size_t closed() const { return closed_.size(); }

  private:
    struct Open {
        delivery::PendingReading like;
        delivery::SpanFold fold;
    };

    void close(std::size_t series, Open& open, std::vector<delivery::Partial> partials);

    std::map<std::size_t, Open>
        open_;  // By series, in order: the same readings give the same lines.
    std::vector<delivery::PendingPartial> closed_;
};

}  // namespace agent
