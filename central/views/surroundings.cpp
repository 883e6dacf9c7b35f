#include "central/views/surroundings.hpp"

#include <algorithm>
#include <map>

namespace views {

namespace {

using base::EventTime;

void raise(std::optional<EventTime>& time, const std::optional<EventTime>& other) {
    if (other && (!time || *time < *other)) time = other;
}

void lower(std::optional<EventTime>& time, const std::optional<EventTime>& other) {
    if (other && (!time || *other < *time)) time = other;
}

}  // namespace

Surroundings::Surroundings(const WindowRows& rows)
    : span_(rows.span),
      wide_span_(rows.wide_span),
      runs_(runs_of(rows.windows)),
      wide_runs_(runs_of(rows.wide)),
      outside_(rows.around) {
    if (wide_span_ == base::Duration::zero()) return;
    std::map<EventTime, engine::WindowRow> sums;
    for (const auto& [start, row] : rows.windows) {
        auto& sum = sums[engine::window_start(start, wide_span_)];
        sum.summary.count += row.summary.count;
        sum.failed += row.failed;
        known_ += row.summary.count;
    }
    for (const auto& [start, row] : rows.wide) {
        const auto& sum = sums[start];
        known_wide_ += row.summary.count;
        const bool knows_more = row.summary.count > sum.summary.count || row.failed > sum.failed;
        if (knows_more) coarse_.push_back(start);
    }
}

Surroundings::Runs Surroundings::runs_of(const std::vector<WindowAt>& windows) {
    Runs runs;
    for (const auto& [start, row] : windows) {
        if (row.summary.count == 0) continue;
        runs.push_back({.start = start, .first = row.first_at, .last = row.last_at});
    }
    return runs;
}

void Surroundings::extend(engine::Around& around, const Runs& runs, EventTime start,
                          base::Duration span) {
    const auto is_before = [](const Run& run, EventTime at) { return run.start < at; };
    const auto own = std::lower_bound(runs.begin(), runs.end(), start, is_before);
    if (own != runs.begin()) raise(around.before, std::prev(own)->last);
    const auto next = std::lower_bound(own, runs.end(), start + span, is_before);
    if (next != runs.end()) lower(around.after, next->first);
}

engine::Around Surroundings::around(EventTime start) const {
    auto around = outside_;
    extend(around, runs_, start, span_);
    if (wide_span_ > base::Duration::zero()) {
        extend(around, wide_runs_, engine::window_start(start, wide_span_), wide_span_);
    }
    return around;
}

bool Surroundings::is_coarse(EventTime start) const {
    if (coarse_.empty()) return false;
    return std::binary_search(coarse_.begin(), coarse_.end(),
                              engine::window_start(start, wide_span_));
}

bool Surroundings::are_most_coarse() const {
    return 2 * known_ < known_wide_;
}

}  // namespace views
