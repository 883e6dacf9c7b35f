#pragma once

#include <cstddef>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/states/course.hpp"
#include "central/engine/states/holding.hpp"
#include "central/sinks/query.hpp"

namespace views {

/// Stretches that one answer may be made from. Where there are more, nothing is said.
constexpr std::size_t kStretchesMax = 50'000;

/// How long a reading of the series holds, by its period and the gaps of its node that touch
/// [from, to).
base::Result<engine::Holding> read_holding(sinks::Query& query, const engine::SeriesRow& series,
                                           base::EventTime from, base::EventTime to);

/// The end of what is told of the series, exclusive: readings from the future are left out.
base::EventTime end_of_course(const engine::SeriesRow& series);

/// What the series was in [from, to). Up to the watermark of its node no other reading comes, as
/// far as is known.
base::Result<engine::Course> read_course(sinks::Query& query, const engine::SeriesRow& series,
                                         base::EventTime from, base::EventTime to,
                                         std::optional<base::EventTime> watermark);

}  // namespace views
