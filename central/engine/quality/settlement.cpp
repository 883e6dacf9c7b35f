#include "central/engine/quality/settlement.hpp"

#include <algorithm>

namespace engine {

base::Duration reach_back(const SeriesRow& series) {
    auto period = series.declared.period.value_or(base::Duration::zero());
    for (const auto& declared : series.periods) {
        period = std::max(period, declared.period.value_or(base::Duration::zero()));
    }
    // Rounded up.
    return std::max(base::Duration::zero(), period - period / 2);
}

std::optional<base::EventTime> settled_to(const SeriesRow& series,
                                          std::optional<base::EventTime> watermark) {
    if (!watermark) return std::nullopt;
    auto settled = *watermark - reach_back(series);
    if (series.last_at) settled = std::max(settled, *series.last_at);
    return std::min(*watermark, settled);
}

}  // namespace engine
