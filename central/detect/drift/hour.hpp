#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"
#include "central/detect/drift/drift.hpp"

namespace detect::drift {

/// A series in one hour. All that are judged together are of one quantity and one unit.
struct Member {
    Subject subject;
    std::string location;        // Empty: it is not known, or the series is to be compared no more.
    double resolution = 0;       // 0: not declared.
    std::optional<double> mean;  // Of the hour; nothing without a reading.
    std::string place{};         // Where it found its neighbours before; empty: it had none.
    Drift drift{};

    bool is_changed = false;  // By judge(): place and drift are to be kept.
    std::vector<Finding> findings{};
};

/// Compares each series with its neighbours in an hour that comes after all that were judged
/// before. What the neighbours have in common is the median of their means, each without what is
/// usually its own: so neither one that drifts nor one that comes or goes moves it.
void judge(base::EventTime hour, std::vector<Member>& members);

}  // namespace detect::drift
