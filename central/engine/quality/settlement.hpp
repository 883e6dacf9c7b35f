#pragma once

#include <optional>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"

namespace engine {

/// Up to when windows are settled: one that ends there or before is judged alike however far the
/// watermark moves, as the watermark has passed it, and either a reading of the series behind it is
/// known, or one that was due in it would be missing by now. It is never provisional. Nothing
/// where there is no watermark.
std::optional<base::EventTime> settled_to(const SeriesRow& series,
                                          std::optional<base::EventTime> watermark);

/// How long before a reading a window may end that is judged by it: half a period, the longest
/// that the series ever had, as a reading that is due is missing only then.
base::Duration reach_back(const SeriesRow& series);

}  // namespace engine
