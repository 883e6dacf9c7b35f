#include "central/engine/fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wire/limits.hpp"

namespace engine {

namespace {

bool is_measurable(double value) {
    return std::abs(value) <= wire::kValueMax;
}

/// Whether the sum can be one of so many readings between min and max, apart from rounding.
bool is_sum_possible(const wire::Summary& summary) {
    constexpr double kRounding = 1e-6;
    const auto count = static_cast<double>(summary.count);
    const double slack = kRounding * count * std::max(std::abs(summary.min), std::abs(summary.max));
    return summary.sum >= summary.min * count - slack && summary.sum <= summary.max * count + slack;
}

std::optional<Refusal> refusal_of(const wire::Summary& summary) {
    if (summary.count > kPartialReadingsMax)
        return Refusal{RefusalKind::out_of_range, "a partial stands for too many readings"};
    if (!is_measurable(summary.min) || !is_measurable(summary.max) || !is_measurable(summary.sum) ||
        summary.sumsq < 0 || summary.sumsq > wire::kValueMax * wire::kValueMax) {
        return Refusal{RefusalKind::out_of_range, "a value is beyond 1e150"};
    }
    const auto inside = [&](double value) { return summary.min <= value && value <= summary.max; };
    if (!inside(summary.first) || !inside(summary.last)) {
        return Refusal{RefusalKind::out_of_range, "first and last are not between min and max"};
    }
    if (!is_sum_possible(summary))
        return Refusal{RefusalKind::out_of_range, "the sum does not fit the count, min and max"};
    return std::nullopt;
}

/// Whether [start, start + span) lies within one window of that length and tiles it.
bool fits(base::EventTime start, base::Duration span, base::Duration window) {
    return window % span == base::Duration::zero() &&
           start + span <= window_start(start, window) + window;
}

/// Why a span that begins there has no place in the windows; nothing when it has.
std::optional<Refusal> misfit_of(base::EventTime start, base::Duration span,
                                 const std::vector<base::Duration>& windows, const char* what) {
    for (const auto window : windows) {
        if (window < span || fits(start, span, window)) continue;
        return Refusal{RefusalKind::unmergeable,
                       fmt::format("{} of {} ms does not fit into windows of {} ms", what,
                                   span.count(), window.count())};
    }
    return std::nullopt;
}

/// The sketch that came with a partial; nothing when it cannot be that of its readings.
std::optional<wire::Sketch> sketch_of(const wire::PartialColumn& column, std::size_t i) {
    if (column.sketches.empty()) return std::nullopt;
    auto sketch = wire::Sketch::decode(column.sketches[i]);
    if (!sketch || sketch.value().count() != column.summaries[i].count) return std::nullopt;
    return std::move(sketch).value();
}

}  // namespace

std::optional<Refusal> refusal_of(const wire::RawColumn& column) {
    if (std::all_of(column.values.begin(), column.values.end(), is_measurable)) {
        return std::nullopt;
    }
    return Refusal{RefusalKind::out_of_range, "a value is beyond 1e150"};
}

std::optional<Refusal> refusal_of(const wire::PartialColumn& column, base::EventTime at,
                                  const std::vector<base::Duration>& spans, Lie lie) {
    if (column.span > spans.back())
        return Refusal{RefusalKind::unmergeable, "the span is longer than every window"};
    for (std::size_t i = 0; i < column.summaries.size(); ++i) {
        if (auto reason = refusal_of(column.summaries[i])) return reason;
        if (lie == Lie::placed) continue;
        const auto start = at + base::Duration{column.dt_ms[i]};
        if (auto misfit = misfit_of(start, column.span, spans, "a partial")) return misfit;
    }
    return std::nullopt;
}

std::optional<Refusal> refusal_of(const wire::FailedColumn& column, const wire::Failed& failed,
                                  const std::vector<base::Duration>& spans, Lie lie) {
    if (failed.span > spans.back())
        return Refusal{RefusalKind::unmergeable, "the span is longer than every window"};
    for (std::size_t i = 0; i < column.counts.size(); ++i) {
        if (column.counts[i] > kPartialReadingsMax)
            return Refusal{RefusalKind::out_of_range, "a count stands for too many readings"};
        if (lie == Lie::placed) continue;
        const auto start = failed.at + base::Duration{column.dt_ms[i]};
        if (auto misfit = misfit_of(start, failed.span, spans, "a count")) return misfit;
    }
    return std::nullopt;
}

void fold(const wire::RawColumn& column, base::EventTime at, base::Duration span,
          base::EventTime limit, bool with_sketches, std::vector<Run>& runs) {
    runs.clear();
    base::EventTime end;
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        const auto t = at + base::Duration{column.dt_ms[i]};
        const double value = column.values[i];
        const bool is_ahead = t > limit;
        if (!runs.empty() && runs.back().last_at <= t && t < end &&
            runs.back().is_ahead == is_ahead) {
            runs.back().last_at = t;
            runs.back().summary.add(value);
        } else {
            end = window_start(t, span) + span;
            runs.push_back({.first_at = t,
                            .last_at = t,
                            .summary = wire::Summary::of(value),
                            .is_ahead = is_ahead,
                            .sketch = {}});
            if (with_sketches) runs.back().sketch.emplace();
        }
        if (with_sketches) runs.back().sketch->add(value);
    }
}

void fold(const wire::PartialColumn& column, base::EventTime at, base::EventTime limit,
          std::vector<Run>& runs) {
    runs.clear();
    for (std::size_t i = 0; i < column.summaries.size(); ++i) {
        const auto start = at + base::Duration{column.dt_ms[i]};
        const auto whole = column.span - base::Duration{1};
        const bool has_times = !column.first_dt_ms.empty();
        runs.push_back(
            {.first_at = has_times ? start + base::Duration{column.first_dt_ms[i]} : start,
             .last_at = start + (has_times ? base::Duration{column.last_dt_ms[i]} : whole),
             .summary = column.summaries[i],
             .is_ahead = start > limit,
             .sketch = sketch_of(column, i)});
    }
}

}  // namespace engine
