#pragma once

#include <optional>
#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::limits {

/// What a person allows of a series, in its unit.
struct Rule {
    std::optional<double> low;   // The least that is well.
    std::optional<double> high;  // The most that is well.
    std::optional<double> step;  // The most by which a reading may differ from the one before.

    /// By how much readings must be back inside, so that one at the limit is not many events;
    /// 0 when it says nothing.
    std::optional<double> margin{};

    /// What the later one says replaces what this one says, each for itself.
    void add(const Rule& later);

    bool is_empty() const { return !low && !high && !step; }
};

/// Finds readings outside the limits, and steps from one reading to the next. Of constant size and
/// trivially copyable; a few comparisons a window.
class Limits {
  public:
    void see(const Subject& subject, const Rule& rule, const Glimpse& window,
             std::vector<Finding>& findings);

  private:
    void see_range(const Subject& subject, const Rule& rule, const Glimpse& window,
                   std::vector<Finding>& findings);
    void see_step(const Subject& subject, double step, const Glimpse& window,
                  std::vector<Finding>& findings);
    Finding outside(const Subject& subject, const Rule& rule) const;

    Episode outside_;
    Episode step_;
    bool has_before_ = false;
    double before_ = 0;
    base::EventTime before_at_;
};

}  // namespace detect::limits
