#pragma once

#include <cstdint>
#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::stuck {

/// Finds a state that is on for far longer than it ever was: a door that stands open, a motion
/// sensor that hangs. A state that is reported on a change holds until the next report. Of constant
/// size and trivially copyable.
class Stuck {
  public:
    void see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

    /// The node has data up to `now`: what is on has been on until then. Whether it changed.
    bool pass(const Subject& subject, base::EventTime now, std::vector<Finding>& findings);

  private:
    /// Whether it was on between two readings that are far apart nobody knows.
    void bridge_hole(const Glimpse& window);
    void switch_on(base::EventTime at);
    void switch_off(const Subject& subject, base::EventTime at, std::vector<Finding>& findings);
    bool is_too_long(base::Duration length, base::EventTime now) const;
    Finding finding(const Subject& subject) const;

    Episode episode_;
    base::EventTime first_at_;
    base::EventTime on_since_;
    base::EventTime last_at_;  // Of the newest reading.
    base::Duration longest_{};
    std::uint32_t visits_ = 0;
    bool is_known_ = false;
    bool is_on_ = false;
};

}  // namespace detect::stuck
