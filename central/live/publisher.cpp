#include "central/live/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/views/circumstances.hpp"
#include "central/views/finding_view.hpp"
#include "central/views/node_view.hpp"
#include "central/views/series_view.hpp"
#include "central/views/window_view.hpp"

namespace live {

namespace {

/// Only windows of this length are published. Longer ones change as often, and a page asks for them
/// when it shows them.
constexpr base::Duration kPublishedSpan = std::chrono::minutes{1};

/// Rows between two windows that are read for nothing, at most.
constexpr base::Duration kRunGapMax = std::chrono::hours{1};

/// And no run is longer, so that the rows of one look-up are few.
constexpr base::Duration kRunLengthMax = std::chrono::hours{24};

}  // namespace

Publisher::Publisher(EventLog& log, sinks::Query& query, const views::NodePresences& presences,
                     base::Counters& counters, PublisherOptions options)
    : log_(log),
      query_(query),
      presences_(presences),
      options_(options),
      published_(counters.counter("leat_central_events_total", "Events for pages that listen.")),
      resets_(counters.counter("leat_central_event_resets_total",
                               "Times that more changed at once than could be published.")) {}

void Publisher::accept(const engine::Changes& changes) {
    for (const auto& [node, row] : changes.nodes) {
        rows_[node] = row;
        waiting_[node];
    }
    for (const auto& gap : changes.gaps) gapless_.erase(gap.node);
    for (const auto& [key, row] : changes.windows) {
        if (key.span != kPublishedSpan) continue;
        const auto [place, added] = waiting_[key.node].insert_or_assign(key, row);
        if (added) ++windows_waiting_;
    }
    for (const auto& [key, finding] : changes.findings) findings_.insert_or_assign(key, finding);
    if (windows_waiting_ + findings_.size() > options_.windows_max) give_up();
}

void Publisher::accept_presence(const std::string& node) {
    waiting_[node];
    if (waiting_.size() > options_.nodes_waiting_max) give_up();
}

void Publisher::tick(base::Instant now, base::EventTime time) {
    if (ticked_at_ && now - *ticked_at_ < options_.tick) return;
    ticked_at_ = now;
    if (waiting_.empty() && findings_.empty()) return;
    if (!log_.anybody_may_read(now)) return follow_quietly();
    publish_findings(now);
    const auto count = std::min(waiting_.size(), options_.nodes_per_tick_max);
    for (std::size_t i = 0; i < count; ++i) {
        auto next = waiting_.upper_bound(published_last_);
        if (next == waiting_.end()) next = waiting_.begin();
        published_last_ = next->first;
        auto windows = std::move(next->second);
        waiting_.erase(next);
        windows_waiting_ -= windows.size();
        publish_node(published_last_, std::move(windows), now, time);
    }
}

void Publisher::publish_findings(base::Instant now) {
    for (const auto& [key, finding] : std::exchange(findings_, {})) {
        const auto id = key.node + "/" + key.series;
        base::JsonWriter json;
        views::write_finding(json, id, finding);
        log_.publish({.key = fmt::format("f {} {} {}", id, detect::to_text(key.code),
                                         base::to_milliseconds(key.from)),
                      .name = "finding",
                      .series = {},
                      .data = json.take(),
                      .at = now});
        published_.add();
    }
}

void Publisher::publish_node(const std::string& node, Windows windows, base::Instant now,
                             base::EventTime time) {
    const auto series = query_.series(node);
    if (!series) return give_up();  // Readers then ask again, and get the reason as an answer.
    const auto* row = row_of(node);
    views::NodeView view{.node = node, .row = row, .presence = nullptr, .series = {}};
    if (!views::add_stored(view, query_, time)) return give_up();
    for (const auto& one : series.value()) view.series.push_back(&one);
    view.presence = views::presence_of(presences_, node);
    base::JsonWriter json;
    views::write_node(json, view);
    log_.publish(
        {.key = "n " + node, .name = "node", .series = {}, .data = json.take(), .at = now});
    published_.add();
    if (row == nullptr) return;
    move_passed(node, engine::watermark_of(*row, options_.watermark_bound), windows);
    move_open_when_absence_changes(node, view.presence, windows);
    if (!windows.empty()) publish_windows(*row, series.value(), windows, now);
}

void Publisher::publish_windows(const engine::NodeRow& row,
                                const std::vector<engine::SeriesRow>& series,
                                const Windows& windows, base::Instant now) {
    auto first = windows.begin()->first.start;
    auto last = first;
    for (const auto& [key, window] : windows) {
        first = std::min(first, key.start);
        last = std::max(last, key.start);
    }
    const auto gaps = gaps_of(row.node, first, last + kPublishedSpan);
    if (!gaps) return give_up();
    const engine::DeclaredGaps declared{gaps.value()};
    for (auto begin = windows.begin(); begin != windows.end();) {
        const auto end = end_of_run(windows, begin);
        const auto owner = std::find_if(
            series.begin(), series.end(),
            [&name = begin->first.series](const auto& one) { return one.declared.series == name; });
        if (owner != series.end() && !publish_run({*owner, begin, end}, row, declared, now)) {
            return give_up();
        }
        begin = end;
    }
}

Publisher::Windows::const_iterator Publisher::end_of_run(const Windows& windows,
                                                         Windows::const_iterator begin) {
    auto last = begin;
    for (auto next = std::next(begin); next != windows.end(); last = next++) {
        const bool is_far = next->first.start - last->first.start > kRunGapMax ||
                            next->first.start - begin->first.start > kRunLengthMax;
        if (next->first.series != begin->first.series || is_far) return next;
    }
    return windows.end();
}

/// False when the rows around the windows cannot be read.
bool Publisher::publish_run(const Run& run, const engine::NodeRow& node,
                            const engine::DeclaredGaps& gaps, base::Instant now) {
    const auto facts = views::facts_of(&node, views::presence_of(presences_, node.node), run.series,
                                       std::nullopt, options_.watermark_bound);
    const auto surroundings = surroundings_of(run, facts.watermark);
    if (!surroundings) return false;
    const auto id = views::series_id(run.series);
    for (auto window = run.begin; window != run.end; ++window) {
        const auto& [key, row] = *window;
        const auto judged =
            views::judge_row(run.series, key.start, key.span, row, surroundings.value(),
                             {.watermark = facts.watermark,
                              .gaps = gaps,
                              .unplaced = facts.unplaced,
                              .absence = facts.absence});
        if (judged.state == engine::WindowState::provisional) keep_open(key, row);
        base::JsonWriter json;
        views::write_window(json, id, judged);
        log_.publish({.key = fmt::format("w {} {}", id, base::to_milliseconds(key.start)),
                      .name = "window",
                      .series = id,
                      .data = json.take(),
                      .at = now});
        published_.add();
    }
    return true;
}

/// Asks only when the answer matters.
base::Result<views::Surroundings> Publisher::surroundings_of(
    const Run& run, std::optional<base::EventTime> watermark) {
    views::WindowRows rows{
        .span = kPublishedSpan, .windows = {}, .wide_span = {}, .wide = {}, .around = {}};
    const bool matters = std::any_of(run.begin, run.end, [&](const auto& window) {
        const auto& [key, row] = window;
        return engine::depends_on_surroundings(run.series, key.start + key.span, row, watermark);
    });
    if (!matters) return views::Surroundings{rows};
    const auto from = run.begin->first.start;
    const auto to = std::prev(run.end)->first.start + kPublishedSpan;
    auto read = views::read_rows(query_, run.series, kPublishedSpan, from, to,
                                 static_cast<std::size_t>((to - from) / kPublishedSpan));
    if (!read) return read.error();
    return views::Surroundings{read.value()};
}

void Publisher::move_passed(const std::string& node, std::optional<base::EventTime> watermark,
                            Windows& windows) {
    const auto open = open_.find(node);
    if (open == open_.end()) return;
    for (auto window = open->second.begin(); window != open->second.end();) {
        const bool passed = engine::has_passed(watermark, window->first.start + window->first.span);
        if (passed) windows.insert(*window);  // A row that waits already is newer.
        if (passed) --windows_open_;
        window = passed ? open->second.erase(window) : std::next(window);
    }
    if (open->second.empty()) open_.erase(open);
}

void Publisher::move_open_when_absence_changes(const std::string& node,
                                               const views::NodePresence* presence,
                                               Windows& windows) {
    const bool is_away = presence != nullptr && views::is_away(*presence);
    if (is_away == away_.contains(node)) return;
    if (is_away) {
        away_.insert(node);
    } else {
        away_.erase(node);
    }
    const auto open = open_.find(node);
    if (open == open_.end()) return;
    windows.insert(open->second.begin(), open->second.end());
    windows_open_ -= open->second.size();
    open_.erase(open);
}

void Publisher::keep_open(const engine::WindowKey& key, const engine::WindowRow& row) {
    const auto [place, added] = open_[key.node].insert_or_assign(key, row);
    if (added && ++windows_open_ > options_.windows_max) give_up();
}

void Publisher::follow_quietly() {
    log_.forget_all();
    findings_.clear();
    auto waiting = std::exchange(waiting_, {});
    windows_waiting_ = 0;
    for (const auto& [node, windows] : waiting) {
        for (const auto& [key, row] : windows) keep_open(key, row);
        const auto* row = row_of(node);
        if (row == nullptr) continue;
        Windows passed;
        move_passed(node, engine::watermark_of(*row, options_.watermark_bound), passed);
    }
}

void Publisher::give_up() {
    waiting_.clear();
    findings_.clear();
    open_.clear();
    windows_waiting_ = 0;
    windows_open_ = 0;
    log_.forget_all();
    resets_.add();
}

base::Result<std::vector<engine::GapRow>> Publisher::gaps_of(const std::string& node,
                                                             base::EventTime from,
                                                             base::EventTime to) {
    if (gapless_.contains(node)) return std::vector<engine::GapRow>{};
    auto all = query_.gaps(node, base::EventTime::min(), base::EventTime::max());
    if (!all) return all.error();
    if (all.value().empty()) {
        gapless_.insert(node);
        return all;
    }
    auto gaps = query_.gaps(node, from, to);
    if (!gaps) return gaps.error();
    return views::explaining_gaps(query_, node, std::move(gaps).value());
}

const engine::NodeRow* Publisher::row_of(const std::string& node) {
    if (!rows_loaded_) {
        const auto rows = query_.nodes();
        if (!rows) return nullptr;
        for (const auto& row : rows.value()) rows_.try_emplace(row.node, row);
        rows_loaded_ = true;
    }
    const auto found = rows_.find(node);
    return found == rows_.end() ? nullptr : &found->second;
}

}  // namespace live
