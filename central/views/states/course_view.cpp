#include "central/views/states/course_view.hpp"

#include <algorithm>

namespace views {

namespace {

sinks::StretchRange range_of(const engine::SeriesRow& series, base::EventTime from,
                             base::EventTime to, std::size_t rows_max) {
    return {.node = series.node,
            .series = series.declared.series,
            .from = std::max(from, series.course_since.value_or(engine::kNever)),
            .to = std::min(to, end_of_course(series)),
            .rows_max = rows_max};
}

/// Those of the range in order, and the one before; nothing when there are too many.
base::Result<std::vector<engine::Stretch>> read_stretches(sinks::Query& query,
                                                          const engine::SeriesRow& series,
                                                          base::EventTime from,
                                                          base::EventTime to) {
    auto found = query.stretches(range_of(series, from, to, kStretchesMax + 1));
    if (!found) return found;
    auto stretches = std::move(found).value();
    if (stretches.size() > kStretchesMax) return std::vector<engine::Stretch>{};
    auto before = query.stretches(range_of(series, engine::kAlways, from, 1));
    if (!before) return before;
    for (const auto& stretch : before.value()) stretches.push_back(stretch);
    std::reverse(stretches.begin(), stretches.end());
    return stretches;
}

}  // namespace

base::EventTime end_of_course(const engine::SeriesRow& series) {
    return series.last_at ? *series.last_at + base::Duration{1} : engine::kAlways;
}

base::Result<engine::Holding> read_holding(sinks::Query& query, const engine::SeriesRow& series,
                                           base::EventTime from, base::EventTime to) {
    const auto gaps = query.gaps(series.node, from, to);
    if (!gaps) return gaps.error();
    std::vector<engine::BlindSpan> blind;
    for (const auto& gap : gaps.value()) {
        if (!gap.first_at || !gap.last_at) continue;
        if (gap.reason != "thinned") blind.push_back({*gap.first_at, *gap.last_at});
    }
    return engine::Holding{engine::reach_of(series.declared), std::move(blind)};
}

base::Result<engine::Course> read_course(sinks::Query& query, const engine::SeriesRow& series,
                                         base::EventTime from, base::EventTime to,
                                         std::optional<base::EventTime> watermark) {
    const auto stretches = read_stretches(query, series, from, to);
    if (!stretches) return stretches.error();
    const auto& all = stretches.value();
    if (all.empty()) return engine::Course{};
    const auto holding = read_holding(query, series, all.front().from, to);
    if (!holding) return holding.error();
    const bool is_whole = series.course_since == engine::kAlways;
    return engine::Course{all, holding.value(), is_whole, watermark.value_or(all.back().to)};
}

}  // namespace views
