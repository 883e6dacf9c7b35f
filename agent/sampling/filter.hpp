#pragma once

#include <optional>

#include "base/clock.hpp"

namespace agent {

/// How the readings of one series are filtered before they are recorded.
struct FilterOptions {
    /// Readings outside are no measurements: they are refused and count as failures.
    std::optional<double> least;
    std::optional<double> most;

    /// A reading further than this from the last good one is refused, until the next one confirms
    /// it.
    std::optional<double> step;

    /// Readings within this of the last recorded one are suppressed. 0: none are.
    double deadband = 0;

    /// With a deadband a reading is still recorded this often: silence is never ambiguous.
    base::Duration heartbeat = std::chrono::minutes{5};

    /// Committed and sent at once. Nothing: the driver decides.
    std::optional<bool> urgent;

    /// Readings are recorded as one partial a span, with a sketch. 0: one by one.
    base::Duration span{};

    bool is_partial() const { return span > base::Duration::zero(); }
};

/// Judges the readings of one series, one by one and in the order in which they come. Writes no
/// record and asks no clock.
class Filter {
  public:
    enum class Verdict {
        passed,
        suppressed,    // Within the deadband: counted, not recorded.
        out_of_range,  // Refused.
        step,          // Refused until it is confirmed.
    };

    explicit Filter(const FilterOptions& options = {}) : options_(options) {}

    /// `taken` is a time of the clock that times the series: its source's when the source has one,
    /// else the boot's, so that no heartbeat depends on what the wall clock does.
    Verdict judge(double value, base::Duration taken);

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
