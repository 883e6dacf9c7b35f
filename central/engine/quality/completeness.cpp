#include "central/engine/quality/completeness.hpp"

#include <algorithm>

#include "central/engine/watermark.hpp"
#include "wire/record.hpp"

namespace engine {

namespace {

using base::Duration;
using base::EventTime;
using dimensions::Cadence;

/// What is due in a window, by the period of its series.
class Due {
  public:
    Due(const WindowFacts& window, Duration period)
        : start_(window.start), end_(window.start + window.span), period_(period) {}

    /// How many are missing in the window between a reading and the next one, or the time up to
    /// which all are known.
    std::uint64_t missing_between(EventTime reading, EventTime next) const {
        // One is missing where the next one is more than half a period late.
        const auto end = std::min(end_, next - period_ / 2);
        if (end <= std::max(start_, reading + period_)) return 0;
        return up_to(end - reading) - (start_ > reading ? up_to(start_ - reading) : 0);
    }

    /// How many are missing between the first and the last reading of the window.
    std::uint64_t missing_within(const WindowRow& row) const {
        auto due = static_cast<std::uint64_t>((row.last_at - row.first_at + period_ / 2) / period_);
        ++due;
        // The ends of spans, which stand in for times that are not known, are a little too wide.
        const bool stand_in = row.first_at == start_ && row.last_at == end_ - Duration{1};
        if (stand_in) due = std::min(due, fitting_up());
        return due - std::min(due, row.summary.count);
    }

    /// Whether one that is due after the last reading, and in the window, may only be late.
    bool may_still_come(EventTime last, EventTime watermark) const {
        const auto from = std::max({start_, last + period_, watermark - period_ / 2});
        const auto periods = (from - last + period_ - Duration{1}) / period_;
        return last + periods * period_ < end_;
    }

    /// How many fit at least, and at most.
    std::uint64_t fitting() const { return static_cast<std::uint64_t>((end_ - start_) / period_); }
    std::uint64_t fitting_up() const {
        return static_cast<std::uint64_t>((end_ - start_ + period_ - Duration{1}) / period_);
    }

  private:
    /// How many periods end before the time `since` a reading.
    std::uint64_t up_to(Duration since) const {
        return static_cast<std::uint64_t>((since - Duration{1}) / period_);
    }

    EventTime start_;
    EventTime end_;
    Duration period_;
};

/// The readings next to the window. The series' own first and last one are readings, too. The time
/// from which on the period has held stands in for a reading before it.
Around neighbours_of(const WindowFacts& window, const SeriesRow& series, const Cadence& cadence) {
    auto around = window.around;
    const auto end = window.start + window.span;
    if (!around.before && series.first_at < window.start) around.before = series.first_at;
    if (!around.after && series.last_at >= end) around.after = series.last_at;
    if (around.before && cadence.since) around.before = std::max(*around.before, *cadence.since);
    return around;
}

/// A window that the watermark has passed, in its surroundings.
class Passed {
  public:
    Passed(const WindowFacts& window, const SeriesRow& series, const Cadence& cadence,
           EventTime watermark)
        : window_(window),
          cadence_(cadence),
          watermark_(watermark),
          around_(neighbours_of(window, series, cadence)) {
        if (cadence.period) due_.emplace(window, *cadence.period);
    }

    /// How many readings that were due in the window are missing.
    std::uint64_t missing() const {
        if (!due_) return 0;
        const auto& row = window_.row;
        const auto& before = around_.before;
        // Up to the watermark all are known, and it has passed the window.
        const auto next = around_.after.value_or(watermark_);
        if (row.summary.count == 0) return before ? due_->missing_between(*before, next) : 0;
        return (before ? due_->missing_between(*before, row.first_at) : 0) +
               due_->missing_within(row) + due_->missing_between(row.last_at, next);
    }

    WindowState state(std::uint64_t missing) const {
        const auto& row = window_.row;
        const bool is_empty = row.summary.count == 0;
        if (window_.is_coarse && (is_empty || missing > 0)) return WindowState::only_wider;
        const bool is_full = due_ && !is_empty && row.summary.count >= due_->fitting();
        if (missing > 0 || (row.failed > 0 && !is_full)) return WindowState::known_gap;
        if (!due_) return WindowState::unclaimed;
        if (is_undecided()) return WindowState::provisional;
        if (cadence_.is_mixed) return WindowState::unclaimed;
        if (is_empty) return WindowState::nothing_due;
        const bool hides = cadence_.also_between && may_hide_a_hole();
        return hides ? WindowState::unclaimed : WindowState::complete;
    }

  private:
    bool is_undecided() const {
        if (around_.after) return false;
        const bool is_empty = window_.row.summary.count == 0;
        const auto last = is_empty ? around_.before : std::optional{window_.row.last_at};
        return last && due_->may_still_come(*last, watermark_);
    }

    /// Readings that come between the periods can hide a hole among them.
    bool may_hide_a_hole() const {
        const auto period = *cadence_.period;
        return window_.row.last_at - window_.row.first_at > period + period / 2;
    }

    const WindowFacts& window_;
    const Cadence& cadence_;
    EventTime watermark_;
    Around around_;
    std::optional<Due> due_;
};

}  // namespace

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

/// The first span that does not end before the time.
GapSpans::Spans::const_iterator GapSpans::find(EventTime start) const {
    return std::lower_bound(spans_.begin(), spans_.end(), start,
                            [](const Span& span, EventTime t) { return span.last < t; });
}

bool GapSpans::overlap(EventTime start, EventTime end) const {
    const auto found = find(start);
    return found != spans_.end() && found->first < end;
}

std::uint64_t GapSpans::held(EventTime start, EventTime end, Duration period) const {
    std::uint64_t readings = 0;
    for (auto span = find(start); span != spans_.end() && span->first < end; ++span) {
        const auto first = std::max(span->first, start);
        const auto last = std::min(span->last, end - Duration{1});
        readings += static_cast<std::uint64_t>((last - first) / period) + 1;
    }
    return readings;
}

Cadence cadence_in(const WindowFacts& window, const SeriesRow& series) {
    Cadence cadence{.period = series.declared.period, .also_between = series.declared.also_between};
    if (!series.periods.empty()) {
        cadence = dimensions::cadence_in(series.periods, window.start, window.start + window.span);
    }
    if (cadence.period && *cadence.period <= Duration::zero()) cadence.period.reset();
    return cadence;
}

Judgement judge(const WindowFacts& window, const SeriesRow& series,
                std::optional<EventTime> watermark, const GapSpans& gaps) {
    const auto end = window.start + window.span;
    const auto cadence = cadence_in(window, series);
    const bool is_counted = cadence.period && !cadence.is_mixed;
    Judgement judgement;
    if (!has_passed(watermark, end)) {
        if (is_counted) judgement.expected = Due{window, *cadence.period}.fitting();
        return judgement;
    }
    const Passed passed{window, series, cadence, *watermark};
    const auto missing = passed.missing();
    if (is_counted) judgement.expected = window.row.summary.count + missing;
    judgement.state =
        gaps.overlap(window.start, end) ? WindowState::known_gap : passed.state(missing);
    return judgement;
}

bool depends_on_surroundings(const SeriesRow& series, EventTime end, const WindowRow& row,
                             std::optional<EventTime> watermark) {
    const bool has_period = series.declared.period || !series.periods.empty();
    return has_passed(watermark, end) && (has_period || row.summary.count == 0);
}

}  // namespace engine
