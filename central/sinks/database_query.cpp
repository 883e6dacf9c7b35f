#include "central/sinks/database_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "central/sinks/groups.hpp"
#include "central/sinks/judging/gap_rows.hpp"
#include "central/sinks/tables/boots.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "central/sinks/tables/findings.hpp"
#include "central/sinks/tables/horizons/horizons.hpp"
#include "central/sinks/tables/readings/reading_rows.hpp"
#include "central/sinks/tables/rollups.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/situations.hpp"
#include "central/sinks/tables/spans.hpp"
#include "central/sinks/tables/stretches.hpp"
#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// Nodes first, then theirs, each by its index: nothing is sorted and nothing read beyond the limit.
constexpr const char* kSeries =
    "SELECT {} FROM dim_node CROSS JOIN dim_series WHERE dim_series.node_id = dim_node.id"
    " AND dim_node.name {} ?1 AND (dim_node.name > ?2 OR dim_series.name > ?3){}"
    " ORDER BY dim_node.name, dim_series.name LIMIT ?4";

// A reason is "series_limit: b.c: the node has too many series"; told is that of the newest record.
constexpr const char* kQuarantined =
    "SELECT kind, records, substr(reason, instr(reason, ':') + 2, 200) FROM"
    " (SELECT substr(reason, 1, instr(reason, ':') - 1) AS kind, count(*) AS records,"
    " max(id) AS newest FROM quarantine WHERE node = ? GROUP BY 1) AS counted"
    " JOIN quarantine ON id = newest ORDER BY kind";

// All findings are sought from the newest on, those of a node by its series: thousands of other
// nodes may have one.
constexpr const char* kFromFindings =
    "finding JOIN dim_series AS series ON series.id = finding.series_id"
    " JOIN dim_node AS node ON node.id = series.node_id";
constexpr const char* kFromNode =
    "dim_node AS node CROSS JOIN dim_series AS series CROSS JOIN finding";
constexpr const char* kOfNode =
    "series.node_id = node.id AND finding.series_id = series.id AND node.name = ?2";

// An open finding holds until further notice.
constexpr const char* kFindings =
    "SELECT finding.id, node.name, series.name, {} FROM {}"
    " WHERE finding.id < ?1 AND {} AND (?3 = '' OR series.name = ?3)"
    " AND began < ?5 AND (ended IS NULL OR ended >= ?4){} ORDER BY finding.id DESC LIMIT ?6";

constexpr auto kNoLimit = std::numeric_limits<std::int64_t>::max();

std::int64_t limit_of(const Page& page) {
    return page.limit ? static_cast<std::int64_t>(*page.limit) : kNoLimit;
}

/// Every row of a query whose values are bound, read by `read`.
template <class Row, class Read>
base::Result<std::vector<Row>> collect(sql::Query& query, Read read) {
    std::vector<Row> rows;
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back(read(query));
    }
}

using WindowAt = std::pair<base::EventTime, engine::WindowRow>;

/// Rows in order of time, merged into windows of the range's span.
base::Result<std::vector<WindowAt>> collect_windows(sql::Query& query, const WindowRange& range) {
    std::vector<WindowAt> windows;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return windows;
        const auto start = engine::window_start(query.time(0), range.span);
        if (windows.empty() || windows.back().first != start) {
            if (windows.size() > range.rows_max) return windows;
            windows.emplace_back(start, read_window(query, 1, range.with_sketches));
        } else {
            windows.back().second.add(read_window(query, 1, range.with_sketches));
        }
    }
}

}  // namespace

base::Result<std::unique_ptr<DatabaseQuery>> DatabaseQuery::open(const Address& address) {
    std::unique_ptr<DatabaseQuery> query{new DatabaseQuery{address}};
    auto opened = query->reopen();
    const bool may_come = !opened && address.is_server();
    if (opened || (may_come && opened.error().fault == base::Fault::transient)) return query;
    return opened.error();
}

base::Status DatabaseQuery::reopen() {
    database_.reset();
    auto opened = open_database(address_, true);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto checked = check_schema(*database); !checked) return checked;
    if (database->dialect() == sql::Dialect::sqlite) {
        if (auto set = database->execute("PRAGMA query_only=ON"); !set) return set;
    }
    database_ = std::move(database);
    return base::Done{};
}

base::Status DatabaseQuery::follow() {
    if (database_ && !database_->is_lost()) return base::Done{};
    return reopen();
}

base::Result<std::optional<engine::NodeRow>> DatabaseQuery::node(const std::string& name) {
    if (auto followed = follow(); !followed) return followed.error();
    static const auto kSql = fmt::format("SELECT {} FROM dim_node WHERE name = ?", kNodeColumns);
    auto query = database_->query(kSql);
    auto rows = collect<engine::NodeRow>(query.bind(name), read_node);
    if (!rows) return rows.error();
    if (rows.value().empty()) return std::optional<engine::NodeRow>{};
    return std::optional{rows.value().front()};
}

base::Result<std::vector<engine::NodeRow>> DatabaseQuery::nodes(const Page& page) {
    if (auto followed = follow(); !followed) return followed.error();
    static const auto kSql =
        fmt::format("SELECT {} FROM dim_node WHERE name > ? ORDER BY name LIMIT ?", kNodeColumns);
    auto query = database_->query(kSql);
    query.bind(page.after).bind(limit_of(page));
    return collect<engine::NodeRow>(query, read_node);
}

base::Result<std::vector<engine::SeriesRow>> DatabaseQuery::series(const std::string& node,
                                                                   const Page& page) {
    return matching_series({.node = node, .at = {}}, page);
}

base::Result<std::vector<engine::SeriesRow>> DatabaseQuery::matching_series(
    const SeriesFilter& filter, const Page& page) {
    if (auto followed = follow(); !followed) return followed.error();
    const auto slash = std::min(page.after.find('/'), page.after.size());
    const auto after_node = page.after.substr(0, slash);
    const auto after_series = page.after.substr(std::min(slash + 1, page.after.size()));
    const auto& node = filter.node;
    if (!node.empty() && node < after_node) return std::vector<engine::SeriesRow>{};
    auto query = database_->query(
        fmt::format(kSeries, kSeriesColumns, node.empty() ? ">=" : "=", kSituationConditions));
    query.bind(node.empty() ? after_node : node).bind(after_node).bind(after_series);
    query.bind(limit_of(page)).bind(filter.at).bind(filter.location).bind(filter.tag);
    return collect<engine::SeriesRow>(query, read_series);
}

base::Result<std::optional<PlacedBoot>> DatabaseQuery::last_placed(const std::string& node) {
    if (auto followed = follow(); !followed) return followed.error();
    auto query =
        database_->query("SELECT started, clock_set, records FROM last_placed WHERE node = ?");
    const auto found = query.bind(node).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<PlacedBoot>{};
    return std::optional{PlacedBoot{
        .started = query.time(0), .clock_set = query.time(1), .records = query.count(2)}};
}

base::Result<std::map<std::string, dimensions::Situation>> DatabaseQuery::situations(
    const std::string& node, base::EventTime at) {
    if (auto followed = follow(); !followed) return followed.error();
    return read_situations(*database_, node, at);
}

base::Result<std::vector<StoredSpan>> DatabaseQuery::spans() {
    if (auto followed = follow(); !followed) return followed.error();
    const auto kept = kept_spans(*database_);
    if (!kept) return kept.error();
    std::vector<StoredSpan> spans;
    for (const auto span : kept.value()) {
        const auto horizon = read_horizon(*database_, span_name(span));
        if (!horizon) return horizon.error();
        spans.push_back({.span = span, .kept_from = horizon.value()});
    }
    return spans;
}

base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> DatabaseQuery::windows(
    const WindowRange& range) {
    if (range.span <= base::Duration::zero()) {
        return base::Error{base::Fault::malformed, "the span is not positive"};
    }
    if (auto followed = follow(); !followed) return followed.error();
    const auto stored = stored_span(range.span);
    if (!stored) return stored.error();
    const bool is_merged = stored.value() != range.span;
    auto query = database_->walk(fmt::format(
        "SELECT start, {} FROM {} WHERE series_id = (SELECT dim_series.id FROM dim_series"
        " JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = ? AND dim_series.name = ?)"
        " AND start >= ? AND start < ? ORDER BY start LIMIT ?",
        window_columns(range.with_sketches), "rollup_" + span_name(stored.value())));
    // The last window may begin before `to` and end behind it.
    const auto to =
        is_merged ? engine::window_start(range.to - base::Duration{1}, range.span) + range.span
                  : range.to;
    query.bind(range.node).bind(range.series).bind(range.from).bind(to);
    query.bind(is_merged ? kNoLimit : static_cast<std::int64_t>(range.rows_max) + 1);
    auto collected = collect_windows(query, range);
    if (!collected) return collected;
    auto windows = std::move(collected).value();
    if (auto added = add_reasons(range, stored.value(), windows); !added) return added.error();
    return windows;
}

base::Result<GroupWindows> DatabaseQuery::group(const GroupRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    const auto stored = stored_span(range.span);
    if (!stored) return stored.error();
    return read_group(*database_, range, stored.value());
}

/// Why readings failed, where any did.
base::Status DatabaseQuery::add_reasons(const WindowRange& range, base::Duration stored,
                                        std::vector<WindowAt>& windows) {
    const auto has_failed = [](const WindowAt& window) { return window.second.failed > 0; };
    const auto first = std::find_if(windows.begin(), windows.end(), has_failed);
    if (first == windows.end()) return base::Done{};
    auto query = database_->query(fmt::format(
        "SELECT start, reason, readings FROM failed_{} WHERE series_id = (SELECT dim_series.id"
        " FROM dim_series JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = ?"
        " AND dim_series.name = ?) AND start >= ? AND start < ? ORDER BY start, reason",
        span_name(stored)));
    query.bind(range.node).bind(range.series).bind(first->first);
    query.bind(windows.back().first + range.span);
    auto window = first;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        const auto start = engine::window_start(query.time(0), range.span);
        while (window != windows.end() && window->first < start) ++window;
        if (window == windows.end()) return base::Done{};
        if (window->first != start) continue;
        const auto failed = window->second.failed;
        window->second.fail(query.string(1), query.count(2));
        window->second.failed = failed;  // The row had counted them.
    }
}

/// The longest span that is stored and that windows of `span` can be made of.
base::Result<base::Duration> DatabaseQuery::stored_span(base::Duration span) {
    const auto kept = kept_spans(*database_);
    if (!kept) return kept.error();
    std::optional<base::Duration> longest;
    for (const auto candidate : kept.value()) {
        if (candidate <= span && span % candidate == base::Duration::zero()) longest = candidate;
    }
    if (longest) return *longest;
    return base::Error{base::Fault::malformed,
                       fmt::format("there are no windows of {}", span_name(span))};
}

/// Asks one table for one time; `question` says which, with ?1 and ?2 as the ends of the range.
base::Result<std::optional<base::EventTime>> DatabaseQuery::find_time(const WindowRange& range,
                                                                      base::Duration stored,
                                                                      const char* question) {
    auto query =
        database_->query(fmt::format(fmt::runtime(question), "rollup_" + span_name(stored),
                                     "series_id = (SELECT dim_series.id FROM dim_series"
                                     " JOIN dim_node ON dim_node.id = node_id"
                                     " WHERE dim_node.name = ?3 AND dim_series.name = ?4)"));
    query.bind(range.from).bind(range.to).bind(range.node).bind(range.series);
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<base::EventTime>{};
    return query.optional_time(0);
}

base::Result<engine::Around> DatabaseQuery::around(const WindowRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    constexpr const char* kBefore =
        "SELECT last_at FROM {} WHERE {} AND start < ?1 AND ?2 IS NOT NULL AND count > 0"
        " ORDER BY start DESC LIMIT 1";
    constexpr const char* kAfter =
        "SELECT first_at FROM {} WHERE {} AND start >= ?2 AND ?1 IS NOT NULL AND count > 0"
        " ORDER BY start LIMIT 1";
    const auto stored = stored_span(range.span);
    if (!stored) return stored.error();
    const auto hourly = stored_span(std::chrono::hours{1});
    if (!hourly) return hourly.error();
    engine::Around around;
    for (const auto span : {stored.value(), hourly.value()}) {
        const auto before = find_time(range, span, kBefore);
        if (!before) return before.error();
        const auto after = find_time(range, span, kAfter);
        if (!after) return after.error();
        if (before.value() && (!around.before || *around.before < *before.value())) {
            around.before = before.value();
        }
        if (after.value() && (!around.after || *after.value() < *around.after)) {
            around.after = after.value();
        }
    }
    return around;
}

base::Result<std::optional<std::pair<base::EventTime, base::EventTime>>> DatabaseQuery::failures(
    const WindowRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    using Extent = std::optional<std::pair<base::EventTime, base::EventTime>>;
    constexpr const char* kFirst =
        "SELECT start FROM {} WHERE {} AND start >= ?1 AND start < ?2 AND failed > 0"
        " ORDER BY start LIMIT 1";
    constexpr const char* kLast =
        "SELECT start FROM {} WHERE {} AND start >= ?1 AND start < ?2 AND failed > 0"
        " ORDER BY start DESC LIMIT 1";
    const auto stored = stored_span(range.span);
    if (!stored) return stored.error();
    const auto first = find_time(range, stored.value(), kFirst);
    if (!first) return first.error();
    const auto last = find_time(range, stored.value(), kLast);
    if (!last) return last.error();
    if (!first.value() || !last.value()) return Extent{};
    return Extent{{*first.value(), *last.value()}};
}

base::Result<std::vector<engine::GapRow>> DatabaseQuery::gaps(const std::string& node,
                                                              base::EventTime from,
                                                              base::EventTime to) {
    if (auto followed = follow(); !followed) return followed.error();
    return read_gaps(*database_, node, from, to);
}

base::Result<std::vector<StoredReading>> DatabaseQuery::readings(const ReadingRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    return read_readings(*database_, range);
}

base::Result<ReadingExtent> DatabaseQuery::reading_extent(const ReadingRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    return read_extent(*database_, range);
}

base::Result<std::vector<FindingRow>> DatabaseQuery::findings(const FindingRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    const char* only = "";
    if (range.is_open) only = *range.is_open ? " AND ended IS NULL" : " AND ended IS NOT NULL";
    auto query = database_->query(fmt::format(kFindings, kFindingColumns,
                                              range.node.empty() ? kFromFindings : kFromNode,
                                              range.node.empty() ? "?2 = ''" : kOfNode, only));
    query.bind(range.before.value_or(kNoLimit));
    query.bind(range.node).bind(range.series).bind(range.from).bind(range.to);
    query.bind(std::uint64_t{range.rows_max});
    return collect<FindingRow>(query, [](const sql::Query& row) {
        return FindingRow{.id = row.integer(0),
                          .node = row.string(1),
                          .series = row.string(2),
                          .finding = read_finding(row, 3)};
    });
}

base::Result<std::vector<engine::Stretch>> DatabaseQuery::stretches(const StretchRange& range) {
    if (auto followed = follow(); !followed) return followed.error();
    const auto sql = fmt::format(
        "SELECT {} FROM stretch WHERE series_id = (SELECT dim_series.id FROM dim_series"
        " JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = ? AND dim_series.name = ?)"
        " AND began >= ? AND began < ? ORDER BY began {} LIMIT ?",
        kStretchColumns, range.is_oldest_first ? "ASC" : "DESC");
    auto query = range.rows_max == 1 ? database_->query(sql) : database_->walk(sql);
    query.bind(range.node).bind(range.series).bind(range.from).bind(range.to);
    return collect<engine::Stretch>(query.bind(std::uint64_t{range.rows_max}), read_stretch);
}

base::Result<std::vector<engine::BootRow>> DatabaseQuery::boots(const std::string& node) {
    if (auto followed = follow(); !followed) return followed.error();
    return read_boots(*database_, node);
}

base::Result<std::vector<QuarantineCount>> DatabaseQuery::quarantined(const std::string& node) {
    if (auto followed = follow(); !followed) return followed.error();
    auto query = database_->query(kQuarantined);
    return collect<QuarantineCount>(query.bind(node), [](const sql::Query& row) {
        return QuarantineCount{
            .reason = row.string(0), .records = row.count(1), .detail = row.string(2)};
    });
}

base::Result<std::vector<QuarantinedLine>> DatabaseQuery::quarantined(
    const QuarantineSelection& which, std::size_t lines_max) {
    if (auto followed = follow(); !followed) return followed.error();
    return list_quarantine(*database_, which, lines_max);
}

base::Result<std::uint64_t> DatabaseQuery::count_quarantined(const QuarantineSelection& which) {
    if (auto followed = follow(); !followed) return followed.error();
    return count_quarantine(*database_, which);
}

}  // namespace sinks
