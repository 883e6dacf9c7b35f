#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/states/visits.hpp"
#include "central/sinks/query.hpp"

namespace views {

struct VisitRange {
    base::EventTime from;  // Visits that lasted in [from, to).
    base::EventTime to;
    std::optional<base::EventTime> before{};  // Only those that began earlier.
    std::size_t visits_max = 200;
};

struct VisitPage {
    std::vector<engine::Visit> visits;  // Newest first.
    bool is_cut = false;                // More of the range would be made of too many stretches.
};

/// The newest visits of a series that is a state. At most kStretchesMax stretches are looked at.
base::Result<VisitPage> read_visits(sinks::Query& query, const engine::SeriesRow& series,
                                    const VisitRange& range,
                                    std::optional<base::EventTime> watermark);

/// Its members, and its length: of an open one up to the watermark of its node.
void write_visit(base::JsonWriter& json, const engine::Visit& visit,
                 std::optional<base::EventTime> watermark);

}  // namespace views
