#pragma once

#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::silence {

/// Periods without a reading after which a series is silent.
constexpr int kPeriods = 3;

/// Finds a series without readings while its node goes on. The time for which the node itself was
/// away or off does not count: then nothing is known of its sensors. Of constant size and trivially
/// copyable.
class Silence {
  public:
    void see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

    /// The node has data up to `now`; its data before ended at `before`. Whether it changed.
    bool pass(const Subject& subject, base::EventTime before, base::EventTime now,
              std::vector<Finding>& findings);

  private:
    Finding finding(const Subject& subject) const;

    Episode episode_;
    base::EventTime last_at_;
    double last_ = 0;
    base::Duration blind_{};  // Time since the last reading in which its node had no data.
    bool has_last_ = false;
};

}  // namespace detect::silence
