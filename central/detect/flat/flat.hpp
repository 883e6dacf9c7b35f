#pragma once

#include <cstdint>
#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::flat {

/// Finds a measure that stays at one value for far longer than it ever did: a sensor that hangs.
/// It learns from each series how long that may be. Of constant size and trivially copyable.
class Flat {
  public:
    void see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

  private:
    void go_on(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);
    /// What was between two readings that are far apart nobody knows: it is no part of a run.
    void bridge_hole(const Glimpse& window);
    void begin_run(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);
    bool is_too_long(const Subject& subject, base::Duration run) const;
    Finding finding(const Subject& subject) const;

    Episode episode_;
    base::EventTime first_at_;  // Of the series.
    base::EventTime run_at_;    // When the value of now was first seen in a row,
    base::EventTime last_at_;   // and when last.
    double value_ = 0;
    base::Duration longest_{};   // For which it ever stayed at one value, but for findings.
    std::uint32_t changes_ = 0;  // How many runs there were.
};

}  // namespace detect::flat
