#include "central/views/expected_band.hpp"

#include <algorithm>

namespace views {

const engine::WindowRow* ExpectedBand::hour(base::EventTime start) const {
    const auto found = std::lower_bound(
        hours_.begin(), hours_.end(), start,
        [](const WindowAt& window, base::EventTime t) { return window.first < t; });
    return found == hours_.end() || found->first != start ? nullptr : &found->second;
}

std::optional<Band> ExpectedBand::at(base::EventTime time) const {
    const auto start = engine::window_start(time, kWideSpan);
    Band band;
    for (int day = 1; day <= kDays; ++day) {
        const auto* row = hour(start - day * std::chrono::hours{24});
        if (row == nullptr || row->summary.count == 0) continue;
        band.low = band.days == 0 ? row->summary.min : std::min(band.low, row->summary.min);
        band.high = band.days == 0 ? row->summary.max : std::max(band.high, row->summary.max);
        ++band.days;
    }
    if (band.days < kDaysMin) return std::nullopt;
    return band;
}

}  // namespace views
