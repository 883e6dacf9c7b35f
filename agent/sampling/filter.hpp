#pragma once

#include <optional>

#include "base/clock.hpp"

namespace agent {

/// What becomes of the readings of one series before they are recorded.
struct FilterOptions {
    /// Readings outside are no measurements: they are refused, and told as failures.
    std::optional<double> least;
    std::optional<double> most;

    /// A reading further from the last good one is refused, unless the next one is near it too.
    std::optional<double> step;

    /// Readings within this of the last recorded one are suppressed. 0: none is.
    double deadband = 0;

    /// With a deadband, a reading is recorded at least this often: silence is never ambiguous.
    base::Duration heartbeat = std::chrono::minutes{5};

    /// Committed and sent at once; left to the driver when it is not said.
    std::optional<bool> urgent;

    /// Readings are recorded as one partial a span, with a sketch. 0: as they are.
    base::Duration span{};

    bool is_partial() const { return span > base::Duration::zero(); }
};

/// Judges the readings of one series one by one, in the order in which they come. Knows no
/// records.
class Filter {
  public:
    enum class Verdict {
        passed,
        suppressed,    // Within the deadband: counted, not recorded.
        out_of_range,  // Refused.
        step,          // Refused until it is confirmed.
    };

    explicit Filter(const FilterOptions& options = {}) : options_(options) {}

    /// `taken` is counted on the clock that times the series: that of its source when it has one,
    /// else that of the boot, so that a heartbeat does not depend on what the wall clock does.
    Verdict take(double value, base::Duration taken);

    const FilterOptions& options() const { return options_; }

  private:
    struct Recorded {
        double value = 0;
        base::Duration taken{};
    };

    bool is_step(double value);
    bool is_suppressed(double value, base::Duration taken) const;

    FilterOptions options_;
    std::optional<double> good_;         // The last one that was not refused.
    std::optional<double> unconfirmed_;  // The last one that was refused as a step.
    std::optional<Recorded> recorded_;
};

}  // namespace agent
