#include "central/sinks/judging/agenda.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/ensure.hpp"
#include "central/sinks/tables/spans.hpp"
#include "wire/record.hpp"

namespace sinks {

namespace {

using base::Duration;
using base::EventTime;

// Series that are remembered; beyond this all are forgotten and looked up again.
constexpr std::size_t kSeriesMax = 100'000;

constexpr Duration kHour = std::chrono::hours{1};
constexpr TimeRange kAlways{.from = EventTime::min(), .to = EventTime::max()};

constexpr const char* kSave =
    "INSERT INTO judging (series_id, span, judged_to, again_from, again_to)"
    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (series_id, span) DO UPDATE SET"
    " judged_to = excluded.judged_to, again_from = excluded.again_from,"
    " again_to = excluded.again_to";

// SQLite's min() and max() of several values are NULL when one is.
constexpr const char* kMarkNode =
    "UPDATE judging SET again_from = min(coalesce(again_from, ?2), ?2),"
    " again_to = max(coalesce(again_to, ?3), ?3) WHERE judged_to > ?2 AND series_id IN"
    " (SELECT dim_series.id FROM dim_series JOIN dim_node ON dim_node.id = node_id"
    " WHERE dim_node.name = ?1) RETURNING series_id";

constexpr const char* kStore =
    "UPDATE rollup_{} SET state = ?3, expected = ?4, quality = ?5, causes = ?6"
    " WHERE series_id = ?1 AND start = ?2 AND (state IS DISTINCT FROM ?3"
    " OR expected IS DISTINCT FROM ?4 OR quality IS DISTINCT FROM ?5"
    " OR causes IS DISTINCT FROM ?6)";

constexpr const char* kForgetFrom =
    "UPDATE rollup_{} SET state = NULL, expected = NULL, quality = NULL, causes = NULL"
    " WHERE series_id = ? AND start >= ? AND state IS NOT NULL";

TimeRange cover(const std::optional<TimeRange>& range, const TimeRange& other) {
    if (!range) return other;
    return {std::min(range->from, other.from), std::max(range->to, other.to)};
}

std::optional<EventTime> from_of(const JudgedSpan& reached) {
    return reached.again ? std::optional{reached.again->from} : std::nullopt;
}

std::optional<EventTime> to_of(const JudgedSpan& reached) {
    return reached.again ? std::optional{reached.again->to} : std::nullopt;
}

/// Those that hold for it, be it only the one that was ever declared.
dimensions::DeclaredPeriods periods_of(const engine::SeriesRow& row) {
    if (!row.periods.empty()) return row.periods;
    return {{.since = dimensions::kLongAgo,
             .period = row.declared.period,
             .also_between = row.declared.also_between}};
}

Duration longest(const dimensions::DeclaredPeriods& periods) {
    Duration longest{};
    for (const auto& one : periods) longest = std::max(longest, one.period.value_or(Duration{}));
    return longest;
}

/// The longest span of which hours are made, as a reader does.
Duration source_of_hours(const std::vector<Duration>& spans) {
    Duration longest{};
    for (const auto span : spans) {
        if (span <= kHour && kHour % span == Duration::zero()) longest = std::max(longest, span);
    }
    return longest;
}

}  // namespace

Agenda::Agenda(sql::Database& database, Dimensions& dimensions, std::vector<Duration> spans)
    : database_(database),
      dimensions_(dimensions),
      spans_(std::move(spans)),
      hour_source_(source_of_hours(spans_)) {
    std::sort(spans_.begin(), spans_.end());
}

base::Result<bool> Agenda::note_periods(std::int64_t series, const engine::SeriesRow& row) {
    const auto found_known = periods(series);
    if (!found_known) return found_known.error();
    auto& known = *found_known.value();
    const Periods now{.all = periods_of(row), .are_stored = !row.periods.empty()};
    if (known == now) return false;
    const auto from = dimensions::differ_from(known.all, now.all);
    known = now;
    if (!from) return now.are_stored;
    auto found = progress(series);
    if (!found) return found.error();
    for (auto& reached : *found.value()) {
        if (auto marked = mark(series, reached, {*from, EventTime::max()}); !marked) {
            return marked.error();
        }
    }
    return now.are_stored;
}

base::Result<Agenda::Periods*> Agenda::periods(std::int64_t series) {
    const auto known = periods_.find(series);
    if (known != periods_.end()) return &known->second;
    const auto row = dimensions_.series(series);
    if (!row) return row.error();
    if (periods_.size() >= kSeriesMax) periods_.clear();
    const Periods stored{.all = periods_of(row.value()),
                         .are_stored = !row.value().periods.empty()};
    return &periods_.emplace(series, stored).first->second;
}

base::Result<Agenda::Progress*> Agenda::progress(std::int64_t series) {
    const auto known = progress_.find(series);
    if (known != progress_.end()) return &known->second;
    Progress reached;
    for (const auto span : spans_) reached.push_back({.span = span});
    auto query = database_.query(
        "SELECT span, judged_to, again_from, again_to FROM judging WHERE series_id = ?");
    query.bind(series);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) break;
        for (auto& one : reached) {
            if (one.span.count() != query.integer(0)) continue;
            one.judged_to = query.time(1);
            if (!query.is_null(2)) one.again = {query.time(2), query.time(3)};
        }
    }
    if (progress_.size() >= kSeriesMax) {
        if (auto saved = save_noted(); !saved) return saved.error();
        progress_.clear();
    }
    return &progress_.emplace(series, std::move(reached)).first->second;
}

base::Status Agenda::note_window(std::int64_t series, const engine::WindowKey& key,
                                 const engine::Changes& changes) {
    auto found = progress(series);
    if (!found) return found.error();
    for (auto& reached : *found.value()) {
        if (reached.span != key.span) continue;
        auto marked = mark(series, reached, {key.start, key.start + key.span});
        if (!marked) return marked;
    }
    if (key.span != hour_source_) return base::Done{};
    return mark_hour(series, *found.value(), key, changes);
}

/// An hour tells of its shorter windows, and of those before it, too: that some of its readings are
/// known only in it. Where they have changed with it, they are noted themselves, and all of the
/// hour is judged with them.
base::Status Agenda::mark_hour(std::int64_t series, Progress& progress,
                               const engine::WindowKey& key, const engine::Changes& changes) {
    const auto hour = engine::window_start(key.start, kHour);
    for (auto& reached : progress) {
        if (reached.span >= hour_source_ || reached.judged_to == EventTime::min()) continue;
        const auto changed = changes.windows.lower_bound(
            {.span = reached.span, .node = key.node, .series = key.series, .start = hour});
        const bool has_changed =
            changed != changes.windows.end() && changed->first.span == reached.span &&
            changed->first.node == key.node && changed->first.series == key.series &&
            changed->first.start < hour + kHour;
        if (has_changed) continue;
        const auto known = periods(series);
        if (!known) return known.error();
        const auto reach = longest(known.value()->all);
        auto marked = mark(series, reached, {hour - reach, hour + kHour});
        if (!marked) return marked;
    }
    return base::Done{};
}

base::Status Agenda::mark(std::int64_t series, JudgedSpan& reached, TimeRange range) {
    if (range.from >= reached.judged_to) return base::Done{};
    const auto again = cover(reached.again, range);
    if (reached.again == again) return base::Done{};
    reached.again = again;
    noted_.insert_or_assign({series, reached.span}, reached);
    return base::Done{};
}

/// Once a commit, however often it changed.
base::Status Agenda::save_noted() {
    for (const auto& [key, reached] : std::exchange(noted_, {})) {
        if (auto saved = save(key.first, reached); !saved) return saved;
    }
    return base::Done{};
}

base::Status Agenda::save(std::int64_t series, const JudgedSpan& reached) {
    auto query = database_.batch(kSave);
    query.bind(series).bind(std::int64_t{reached.span.count()}).bind(reached.judged_to);
    return query.bind(from_of(reached)).bind(to_of(reached)).run();
}

base::Status Agenda::note_nodes(const engine::Changes& changes, const Outlooks& before) {
    if (auto saved = save_noted(); !saved) return saved;
    for (const auto& gap : changes.gaps) {
        if (auto noted = note_gap(gap); !noted) return noted;
    }
    if (before.empty()) return base::Done{};
    const auto now = outlooks_of(database_, changes);
    if (!now) return now.error();
    for (const auto& [node, outlook] : now.value()) {
        if (before.at(node) == outlook) continue;
        if (auto marked = mark_node(node, kAlways); !marked) return marked;
    }
    return base::Done{};
}

/// What was evicted is a gap only once it is lost, too, whichever is said first.
base::Status Agenda::note_gap(const engine::GapRow& gap) {
    if (gap.reason == wire::to_text(wire::GapReason::thinned)) return base::Done{};
    if (gap.first_at && gap.last_at) {
        auto marked = mark_node(gap.node, {*gap.first_at, *gap.last_at + Duration{1}});
        if (!marked) return marked;
    }
    const auto incarnation = wire::to_text(gap.incarnation);
    auto query = database_.query(
        "SELECT min(first_at), max(last_at) FROM gap WHERE node_id = (SELECT id FROM dim_node"
        " WHERE name = ?) AND incarnation = ? AND reason = 'evicted' AND from_seq <= ?"
        " AND to_seq >= ? AND first_at IS NOT NULL AND last_at IS NOT NULL");
    query.bind(gap.node).bind(incarnation).bind(gap.to).bind(gap.from);
    const auto row = query.next();
    if (!row) return row.error();
    if (query.is_null(0)) return base::Done{};
    const TimeRange evicted{query.time(0), query.time(1) + Duration{1}};
    return mark_node(gap.node, evicted);
}

base::Status Agenda::mark_node(const std::string& node, TimeRange range) {
    auto query = database_.query(kMarkNode);
    query.bind(node).bind(range.from).bind(range.to);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        progress_.erase(query.integer(0));
    }
}

base::Result<std::vector<JudgedSeries>> Agenda::judged(std::int64_t after, std::size_t series_max) {
    std::vector<JudgedSeries> all;
    std::map<std::string, engine::NodeRow> nodes;
    auto query = database_.query("SELECT id FROM dim_series WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(after).bind(std::uint64_t{series_max});
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return all;
        auto found_series = read(query.integer(0));
        if (!found_series) return found_series.error();
        auto one = std::move(found_series).value();
        auto node = nodes.find(one.series.node);
        if (node == nodes.end()) {
            const auto found = dimensions_.node(one.series.node);
            if (!found) return found.error();
            ENSURE(found.value());
            node = nodes.emplace(found.value()->node, *found.value()).first;
        }
        one.node = node->second;
        all.push_back(std::move(one));
    }
}

base::Result<JudgedSeries> Agenda::read(std::int64_t series) {
    auto row = dimensions_.series(series);
    if (!row) return row.error();
    const auto reached = progress(series);
    if (!reached) return reached.error();
    return JudgedSeries{
        .id = series, .series = std::move(row).value(), .node = {}, .spans = *reached.value()};
}

base::Result<std::optional<EventTime>> Agenda::find_row(const RowSearch& search) {
    auto query = database_.query(
        fmt::format("SELECT start FROM rollup_{} WHERE series_id = ? AND start >= ? AND start < ?{}"
                    " ORDER BY start{} LIMIT 1",
                    span_name(search.span), search.with_readings ? " AND count > 0" : "",
                    search.newest ? " DESC" : ""));
    query.bind(search.series).bind(search.range.from).bind(search.range.to);
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<EventTime>{};
    return query.optional_time(0);
}

base::Status Agenda::write(const JudgedStep& step) {
    auto found = progress(step.series);
    if (!found) return found.error();
    for (auto& reached : *found.value()) {
        if (reached.span != step.reached.span) continue;
        if (step.reached.judged_to < reached.judged_to) {
            auto query = database_.query(fmt::format(kForgetFrom, span_name(reached.span)));
            auto forgotten = query.bind(step.series).bind(step.reached.judged_to).run();
            if (!forgotten) return forgotten;
        }
        reached = step.reached;
        noted_.insert_or_assign({step.series, reached.span}, reached);
    }
    for (const auto& window : step.windows) {
        if (auto stored = store(step, window); !stored) return stored;
    }
    return base::Done{};
}

base::Status Agenda::store(const JudgedStep& step, const Judged& window) {
    auto query = database_.query(fmt::format(kStore, span_name(step.reached.span)));
    query.bind(step.series).bind(window.start).bind(window.state).bind(window.expected);
    return query.bind(window.quality).bind(window.causes).run();
}

}  // namespace sinks
