#include "central/engine/closing.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "central/engine/watermark.hpp"
#include "central/engine/window.hpp"

namespace engine {

namespace {

/// Windows of a series that wait for the watermark. Only times that are all over the future make
/// more; then the furthest are not watched.
constexpr std::size_t kOpenMax = 4'096;

/// The shortest length that detectors are made for: a minute, or else the longest there is.
std::size_t watched_span(const std::vector<base::Duration>& spans) {
    const auto found = std::find_if(spans.begin(), spans.end(), [](base::Duration span) {
        return span >= std::chrono::minutes{1};
    });
    const auto place = found == spans.end() ? found - 1 : found;
    return static_cast<std::size_t>(place - spans.begin());
}

detect::Glimpse glimpse_of(const WindowRow& row, base::EventTime start, base::Duration span) {
    return {.start = start,
            .end = start + span,
            .count = row.summary.count,
            .mean = row.mean(),
            .least = row.summary.min,
            .most = row.summary.max,
            .first = row.summary.first,
            .last = row.summary.last,
            .first_at = row.first_at,
            .last_at = row.last_at};
}

}  // namespace

Closing::Closing(const EngineOptions& options, Rows& rows, Memory& memory)
    : options_(options),
      rows_(rows),
      memory_(memory),
      span_(watched_span(options.spans)),
      length_(options.spans[span_]) {}

base::EventTime Closing::floor(base::EventTime t) const {
    return window_start(t, length_);
}

void Closing::open(Series& series, base::EventTime start,
                   std::optional<base::EventTime> watermark) {
    if (is_off() || (watermark && start < floor(*watermark))) return;
    auto& open = series.open;
    if (!open.empty() && open.back() == start) return;
    const auto place = std::lower_bound(open.begin(), open.end(), start);
    if (place != open.end() && *place == start) return;
    open.insert(place, start);
    if (open.size() > kOpenMax) open.pop_back();
}

base::Status Closing::fail(Series& series, base::EventTime at, std::uint64_t reads,
                           const std::string& reason) {
    if (is_off()) return base::Done{};
    auto watched = this->watched(series);
    if (!watched) return watched.error();
    watched.value()->watch.fail(watched.value()->subject, at, reads, reason, found_);
    note(series);
    return base::Done{};
}

/// Windows are judged minute by minute over all series of the node, so that one which is silent
/// shows beside the others.
base::Status Closing::close(Node& node, std::optional<base::EventTime> before) {
    const auto watermark = watermark_of(node.row, options_.watermark_bound);
    if (is_off() || !watermark) return base::Done{};
    const auto mark = floor(*watermark);
    if (before && mark <= floor(*before)) return base::Done{};
    const auto due = take_due(node, mark);
    std::optional<base::EventTime> passed;
    if (before) passed = floor(*before);
    for (auto it = due.begin(); it != due.end();) {
        const auto start = it->first;
        for (; it != due.end() && it->first == start; ++it) {
            if (auto seen = see(*it->second, start); !seen) return seen;
        }
        const auto now = start + length_;
        if (auto done = pass(node, passed.value_or(start), now); !done) return done;
        passed = now;
    }
    return base::Done{};
}

std::vector<Closing::Due> Closing::take_due(Node& node, base::EventTime mark) {
    std::vector<Due> due;
    for (const auto& [name, series] : node.series) {
        auto& open = series->open;
        const auto end = std::lower_bound(open.begin(), open.end(), mark);
        for (auto it = open.begin(); it != end; ++it) due.emplace_back(*it, series);
        open.erase(open.begin(), end);
    }
    std::stable_sort(due.begin(), due.end(),
                     [](const Due& one, const Due& other) { return one.first < other.first; });
    return due;
}

base::Status Closing::see(Series& series, base::EventTime start) {
    const auto row = rows_.read(span_, series, start);
    if (!row) return row.error();
    const bool has_readings = row.value() != nullptr && row.value()->summary.count > 0;
    if (!has_readings) return base::Done{};  // Too old to be kept, or of failures alone.
    auto watched = this->watched(series);
    if (!watched) return watched.error();
    auto& [subject, rule, watch, is_changed] = *watched.value();
    watch.see(subject, rule, glimpse_of(*row.value(), start, length_), found_);
    note(series);
    return base::Done{};
}

/// A series that was never judged has nothing that could go on.
base::Status Closing::pass(Node& node, base::EventTime before, base::EventTime now) {
    for (const auto& [name, series] : node.series) {
        if (!series->row.last_at) continue;
        const auto watched = this->watched(*series);
        if (!watched) return watched.error();
        auto& [subject, rule, watch, is_changed] = *watched.value();
        if (watch.pass(subject, before, now, found_)) note(*series);
    }
    return base::Done{};
}

base::Result<Watched*> Closing::watched(Series& series) {
    if (!series.watched) {
        auto saved = memory_.watch(series.row.node, series.row.declared.series);
        if (!saved) return saved.error();
        series.watched = std::make_unique<Watched>();
        if (saved.value()) {
            const auto& [state, habits] = *saved.value();
            series.watched->watch = detect::Watch{state, habits.value_or("")};
        }
        describe(series);
    }
    return series.watched.get();
}

void Closing::describe(Series& series) const {
    if (!series.watched) return;
    const auto& declared = series.row.declared;
    series.watched->subject = {.name = series.row.node + "/" + declared.series,
                               .quantity = declared.quantity,
                               .unit = declared.unit,
                               .period = declared.period,
                               .is_state = kind_of(declared) == SeriesKind::state};
    const auto& node = series.row.node;
    series.watched->rule = options_.limits.of(node, declared.series, declared.quantity)
                               .value_or(detect::limits::Rule{});
}

base::Status Closing::recall(Node& node) {
    const auto watermark = watermark_of(node.row, options_.watermark_bound);
    if (is_off() || !watermark) return base::Done{};
    const auto windows = memory_.open_windows(node.row.node, length_, floor(*watermark), kOpenMax);
    if (!windows) return windows.error();
    for (const auto& [name, start] : windows.value()) {
        const auto series = node.series.find(name);
        if (series != node.series.end()) series->second->open.push_back(start);
    }
    return base::Done{};
}

void Closing::note(Series& series) {
    auto& watched = *series.watched;
    if (!watched.is_changed) changed_.push_back(&series);
    watched.is_changed = true;
    for (auto& finding : found_) {
        const detect::FindingKey key{.node = series.row.node,
                                     .series = series.row.declared.series,
                                     .code = finding.code,
                                     .from = finding.from};
        findings_.insert_or_assign(key, std::move(finding));
    }
    found_.clear();
}

void Closing::take_changes(Changes& changes) {
    for (auto* series : changed_) {
        series->watched->is_changed = false;
        changes.watches.insert_or_assign({series->row.node, series->row.declared.series},
                                         series->watched->watch.save());
    }
    changed_.clear();
    changes.findings = std::move(findings_);
    findings_.clear();
}

void Closing::forget() {
    changed_.clear();
    findings_.clear();
    found_.clear();
}

}  // namespace engine
