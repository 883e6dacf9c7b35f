#include "central/judging/window_judge.hpp"

#include <algorithm>
#include <chrono>

#include "base/json.hpp"
#include "central/engine/quality/settlement.hpp"
#include "central/engine/watermark.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace judging {

namespace {

using base::Duration;
using base::EventTime;
using sinks::JudgedSeries;
using sinks::JudgedSpan;
using sinks::JudgedStep;
using NextStep = std::optional<JudgedStep>;

/// No window begins before, and times of it can be reckoned with.
constexpr EventTime kBeginning = EventTime{} - std::chrono::hours{24 * 365 * 500};

/// Windows of one unit are judged together: shorter ones by the hour.
Duration unit_of(Duration span) {
    return std::max(span, views::kWideSpan);
}

EventTime end_of_unit(EventTime to, Duration span) {
    const auto unit = unit_of(span);
    return engine::window_start(to - Duration{1}, unit) + unit;
}

sinks::Judged stored(const views::JudgedWindow& window) {
    sinks::Judged judged{
        .start = window.start, .state = {}, .expected = {}, .quality = {}, .causes = {}};
    if (window.state == engine::WindowState::provisional) return judged;
    judged.state = views::word(window.state);
    judged.expected = window.expected;
    judged.quality = window.quality;
    if (!window.causes.empty()) judged.causes = views::causes_text(window.causes);
    return judged;
}

}  // namespace

/// Windows that begin before it are settled.
EventTime WindowJudge::settled(const JudgedSeries& series, Duration span) const {
    const auto to =
        engine::settled_to(series.series, engine::watermark_of(series.node, watermark_bound_));
    return to ? engine::window_start(std::max(*to, kBeginning), span) : EventTime::min();
}

EventTime WindowJudge::end_of_step(EventTime first, Duration span) const {
    const auto unit = unit_of(span);
    const auto units = std::max<std::int64_t>(1, windows_max_ * span / unit);
    return engine::window_start(first, unit) + units * unit;
}

base::Result<NextStep> WindowJudge::advance(const JudgedSeries& series, const JudgedSpan& reached) {
    const auto span = reached.span;
    const auto settled = this->settled(series, span);
    NextStep step{{.series = series.id, .reached = reached, .windows = {}}};
    step->reached.judged_to = settled;
    if (settled < reached.judged_to) return step;  // Its period is longer than it was.
    if (settled == reached.judged_to) return NextStep{};
    const auto first = judgements_.find_row(
        {.series = series.id, .span = span, .range = {reached.judged_to, settled}});
    if (!first) return first.error();
    if (!first.value()) return NextStep{};
    const auto to = std::min(settled, end_of_step(*first.value(), span));
    step->reached.judged_to = to;
    auto from = reach_back(series, span, *first.value());
    if (!from) return from.error();
    auto judged = judge(series, span, {from.value(), to});
    if (!judged) return judged.error();
    if (judged.value().surroundings.is_coarse(*first.value())) {
        // Readings that are known only in the hour may lie anywhere in it.
        from = reach_back(series, span, engine::window_start(*first.value(), views::kWideSpan));
        if (!from) return from.error();
        judged = judge(series, span, {from.value(), to});
        if (!judged) return judged.error();
    }
    step->windows = std::move(judged).value().windows;
    return step;
}

base::Result<NextStep> WindowJudge::revise(const JudgedSeries& series, const JudgedSpan& reached) {
    if (!reached.again) return NextStep{};
    const auto span = reached.span;
    NextStep step{{.series = series.id, .reached = reached, .windows = {}}};
    step->reached.again = {};
    const auto low = engine::window_start(std::max(reached.again->from, kBeginning), unit_of(span));
    const auto high = std::min(reached.again->to, reached.judged_to);
    if (low >= high) return step;
    const auto end = reach_on(series, reached, end_of_unit(high, span));
    if (!end) return end.error();
    const auto first =
        judgements_.find_row({.series = series.id, .span = span, .range = {low, end.value()}});
    if (!first) return first.error();
    auto to = end.value();
    if (first.value()) to = std::min(to, end_of_step(*first.value(), span));
    const auto from = reach_back(series, span, low);
    if (!from) return from.error();
    auto judged = judge(series, span, {from.value(), to});
    if (!judged) return judged.error();
    step->windows = std::move(judged).value().windows;
    if (to < end.value()) step->reached.again = {to, std::max(high, to + span)};
    return step;
}

/// The readings of [from, …) are what windows before it may have been judged by: those that end
/// less than half a period before it, from the last reading before it on.
base::Result<EventTime> WindowJudge::reach_back(const JudgedSeries& series, Duration span,
                                                EventTime from) {
    const auto farthest = engine::window_start(from - engine::reach_back(series.series), span);
    const auto before = judgements_.find_row({.series = series.id,
                                              .span = span,
                                              .range = {farthest, from},
                                              .with_readings = true,
                                              .newest = true});
    if (!before) return before.error();
    return before.value().value_or(farthest);
}

/// Windows behind the range are judged by its last reading, up to the next one that has a reading.
base::Result<EventTime> WindowJudge::reach_on(const JudgedSeries& series, const JudgedSpan& reached,
                                              EventTime to) {
    if (to >= reached.judged_to) return reached.judged_to;
    const auto next = judgements_.find_row({.series = series.id,
                                            .span = reached.span,
                                            .range = {to, reached.judged_to},
                                            .with_readings = true});
    if (!next) return next.error();
    return next.value() ? *next.value() + reached.span : reached.judged_to;
}

base::Result<const engine::DeclaredGaps*> WindowJudge::gaps_of(const std::string& node) {
    if (!gaps_ || gaps_->node != node) {
        const auto all = query_.gaps(node, EventTime::min(), EventTime::max());
        if (!all) return all.error();
        rows_read_ += all.value().size();
        gaps_.emplace(NodeGaps{.node = node, .gaps = engine::DeclaredGaps{all.value()}});
    }
    return &gaps_->gaps;
}

base::Result<WindowJudge::Judged> WindowJudge::judge(const JudgedSeries& series, Duration span,
                                                     sinks::TimeRange range) {
    const auto [from, to] = range;
    const auto& row = series.series;
    const auto rows =
        views::read_rows(query_, row, span, from, to, static_cast<std::size_t>((to - from) / span));
    if (!rows) return rows.error();
    rows_read_ += rows.value().windows.size() + rows.value().wide.size();
    const auto gaps = gaps_of(row.node);
    if (!gaps) return gaps.error();
    const auto facts = views::facts_of(&series.node, nullptr, row, std::nullopt, watermark_bound_);
    const engine::Circumstances circumstances{.watermark = facts.watermark,
                                              .gaps = *gaps.value(),
                                              .unplaced = facts.unplaced,
                                              .absence = facts.absence};
    Judged judged{.windows = {}, .surroundings = views::Surroundings{rows.value()}};
    for (const auto& [start, window] : rows.value().windows) {
        if (start < from || start >= to) continue;
        judged.windows.push_back(
            stored(views::judge_row(row, start, span, window, judged.surroundings, circumstances)));
    }
    return judged;
}

}  // namespace judging
