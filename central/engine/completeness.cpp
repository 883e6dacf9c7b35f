#include "central/engine/completeness.hpp"

#include <algorithm>

#include "central/engine/watermark.hpp"
#include "wire/record.hpp"

namespace engine {

std::optional<std::uint64_t> expected_readings(const SeriesRow& series, base::EventTime start,
                                               base::Duration span) {
    const auto period = series.declared.period;
    if (!period || *period <= base::Duration::zero()) return std::nullopt;
    const auto whole = span / *period;
    if (!series.first_at || *series.first_at <= start) return static_cast<std::uint64_t>(whole);
    const auto left = std::max(start + span - *series.first_at, base::Duration::zero());
    const auto begun = (left + *period - base::Duration{1}) / *period;
    return static_cast<std::uint64_t>(std::min(whole, begun));
}

GapSpans::GapSpans(const std::vector<GapRow>& gaps) {
    for (const auto& gap : gaps) {
        if (gap.reason == wire::to_text(wire::GapReason::thinned)) continue;
        if (gap.first_at && gap.last_at) spans_.push_back({*gap.first_at, *gap.last_at});
    }
    std::sort(spans_.begin(), spans_.end(),
              [](const Span& a, const Span& b) { return a.first < b.first; });
    std::vector<Span> merged;
    for (const auto& span : spans_) {
        if (!merged.empty() && span.first <= merged.back().last) {
            merged.back().last = std::max(merged.back().last, span.last);
        } else {
            merged.push_back(span);
        }
    }
    spans_ = std::move(merged);
}

bool GapSpans::overlap(base::EventTime start, base::EventTime end) const {
    const auto found =
        std::lower_bound(spans_.begin(), spans_.end(), start,
                         [](const Span& span, base::EventTime t) { return span.last < t; });
    return found != spans_.end() && found->first < end;
}

WindowState judge(const WindowFacts& window, std::optional<base::EventTime> watermark,
                  const GapSpans& gaps) {
    const auto end = window.start + window.span;
    if (!has_passed(watermark, end)) return WindowState::provisional;
    if (gaps.overlap(window.start, end)) return WindowState::known_gap;
    const bool enough =
        window.expected ? window.count + window.failed + 1 >= *window.expected : window.count > 0;
    return enough ? WindowState::complete : WindowState::known_gap;
}

}  // namespace engine
