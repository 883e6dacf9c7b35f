#include "central/sinks/tables/dimensions.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// How many ids of nodes or series are remembered; beyond this all are forgotten and looked up
// again.
constexpr std::size_t kIdsMax = 100'000;

template <class Ids, class Name, class Id>
Id remember(Ids& ids, const Name& name, Id id) {
    if (ids.size() >= kIdsMax) ids.clear();
    ids.insert_or_assign(name, id);
    return id;
}

base::Result<std::optional<std::int64_t>> found_id(sql::Query& query) {
    auto row = query.next();
    if (!row) return row.error();
    return row.value() ? std::optional{query.integer(0)} : std::nullopt;
}

std::optional<std::int64_t> milliseconds(const std::optional<base::Duration>& duration) {
    if (!duration) return std::nullopt;
    return duration->count();
}

constexpr const char* kWriteNode =
    "INSERT INTO dim_node (name, incarnation, seq, hash, stored_at, newest, clock, lost_records)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
    " incarnation = excluded.incarnation, seq = excluded.seq, hash = excluded.hash,"
    " stored_at = excluded.stored_at, newest = excluded.newest, clock = excluded.clock,"
    " lost_records = excluded.lost_records";

constexpr const char* kWriteAhead =
    "INSERT INTO series_ahead (series_id, at, value, readings) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (series_id) DO UPDATE SET at = excluded.at, value = excluded.value,"
    " readings = excluded.readings";

constexpr const char* kWriteBetween =
    "INSERT INTO series_between (series_id) VALUES (?) ON CONFLICT DO NOTHING";
constexpr const char* kWriteCourse =
    "INSERT INTO series_course (series_id, since) VALUES (?, ?)"
    " ON CONFLICT (series_id) DO UPDATE SET since = excluded.since";
constexpr const char* kForgetPeriods = "DELETE FROM series_period WHERE series_id = ?";
constexpr const char* kWritePeriod =
    "INSERT INTO series_period (series_id, since, period, also_between) VALUES (?, ?, ?, ?)";
constexpr const char* kNotBetween = "DELETE FROM series_between WHERE series_id = ?";

std::optional<engine::AheadRow> read_ahead(const sql::Query& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return engine::AheadRow{
        .at = row.time(column), .value = row.number(column + 1), .readings = row.count(column + 2)};
}

/// Of a list of [since, period or -1, also_between].
dimensions::DeclaredPeriods read_periods(const sql::Query& row, int column) {
    dimensions::DeclaredPeriods periods;
    const auto list = base::parse_json(row.text(column));
    ENSURE(list);
    for (const auto& one : list.value().array) {
        const auto milliseconds = [&one](std::size_t i) {
            return base::Duration{static_cast<std::int64_t>(one.numbers.at(i))};
        };
        dimensions::DeclaredPeriod declared{.since = base::EventTime{milliseconds(0)},
                                            .also_between = one.numbers.at(2) != 0};
        if (one.numbers.at(1) >= 0) declared.period = milliseconds(1);
        periods.push_back(declared);
    }
    return periods;
}

constexpr const char* kWriteSeries =
    "INSERT INTO dim_series (node_id, name, quantity, unit, driver, least, most, resolution, "
    "period,"
    " first_at, last_at, last_value, readings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (node_id, name) DO UPDATE SET quantity = excluded.quantity, unit = excluded.unit,"
    " driver = excluded.driver, least = excluded.least, most = excluded.most,"
    " resolution = excluded.resolution, period = excluded.period, first_at = excluded.first_at,"
    " last_at = excluded.last_at, last_value = excluded.last_value, readings = excluded.readings";

constexpr const char* kReturningId = " RETURNING id";

}  // namespace

const char* const kNodeColumns =
    "dim_node.name, dim_node.incarnation, dim_node.seq, dim_node.hash, dim_node.stored_at,"
    " dim_node.newest, dim_node.clock, dim_node.lost_records,"
    " (SELECT coalesce(sum(boot.unplaced), 0) FROM boot WHERE boot.node = dim_node.name)";

const char* const kSeriesColumns =
    "dim_node.name, dim_series.name, quantity, unit, driver, least, most, resolution, period,"
    " first_at, last_at, last_value, readings,"
    " (SELECT at FROM series_ahead WHERE series_id = dim_series.id),"
    " (SELECT value FROM series_ahead WHERE series_id = dim_series.id),"
    " (SELECT readings FROM series_ahead WHERE series_id = dim_series.id),"
    " EXISTS (SELECT 1 FROM series_between WHERE series_id = dim_series.id),"
    " (SELECT since FROM series_course WHERE series_id = dim_series.id),"
    " (SELECT json_group_array(json_array(since, coalesce(period, -1), also_between))"
    " FROM (SELECT * FROM series_period WHERE series_id = dim_series.id"
    // What no leat wrote is not there.
    " AND typeof(since) = 'integer' AND typeof(coalesce(period, 0)) = 'integer'"
    " AND typeof(also_between) = 'integer' ORDER BY since) AS declared)";

engine::NodeRow read_node(const sql::Query& row) {
    return {.node = row.string(0),
            .incarnation = read_incarnation(row, 1),
            .applied = {.seq = row.count(2), .hash = read_hash(row, 3)},
            .stored_at = row.time(4),
            .newest = row.optional_time(5),
            .clock = wire::parse_clock_state(row.text(6)).value_or(wire::ClockState::boot),
            .lost_records = row.count(7),
            .unplaced = row.count(8)};
}

engine::SeriesRow read_series(const sql::Query& row) {
    return {.node = row.string(0),
            .declared = {.series = row.string(1),
                         .quantity = row.string(2),
                         .unit = row.string(3),
                         .driver = row.string(4),
                         .least = row.optional_number(5),
                         .most = row.optional_number(6),
                         .resolution = row.optional_number(7),
                         .period = read_duration(row, 8),
                         .also_between = row.count(16) != 0},
            .first_at = row.optional_time(9),
            .last_at = row.optional_time(10),
            .last_value = row.number(11),
            .readings = row.count(12),
            .ahead = read_ahead(row, 13),
            .course_since = row.optional_time(17),
            .periods = read_periods(row, 18)};
}

base::Result<std::optional<engine::NodeRow>> Dimensions::node(const std::string& name) {
    static const auto kSql = fmt::format("SELECT {} FROM dim_node WHERE name = ?", kNodeColumns);
    auto query = database_.query(kSql);
    auto row = query.bind(name).next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::NodeRow>{};
    return std::optional{read_node(query)};
}

base::Result<std::vector<engine::SeriesRow>> Dimensions::series(const std::string& node) {
    static const auto kSql = fmt::format(
        "SELECT {} FROM dim_series JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = ?"
        " ORDER BY dim_series.name",
        kSeriesColumns);
    std::vector<engine::SeriesRow> rows;
    auto query = database_.query(kSql);
    query.bind(node);
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back(read_series(query));
    }
}

base::Result<engine::SeriesRow> Dimensions::series(std::int64_t id) {
    static const auto kSql = fmt::format(
        "SELECT {} FROM dim_series JOIN dim_node ON dim_node.id = node_id WHERE dim_series.id = ?",
        kSeriesColumns);
    auto query = database_.query(kSql);
    const auto row = query.bind(id).next();
    if (!row) return row.error();
    ENSURE(row.value());
    return read_series(query);
}

base::Status Dimensions::write(const engine::NodeRow& row) {
    const auto incarnation = wire::to_text(row.incarnation);
    const bool is_known = node_ids_.contains(row.node);
    static const auto kWriteNew = std::string{kWriteNode} + kReturningId;
    auto query = is_known ? database_.batch(kWriteNode) : database_.query(kWriteNew);
    query.bind(row.node).bind(incarnation).bind(row.applied.seq).bind(row.applied.hash.bytes);
    query.bind(row.stored_at).bind(row.newest).bind(wire::to_text(row.clock));
    query.bind(row.lost_records);
    if (is_known) return query.run();
    auto id = returned_id(query);
    if (!id) return id.error();
    remember(node_ids_, row.node, id.value());
    return base::Done{};
}

base::Status Dimensions::write(const engine::SeriesRow& row) {
    auto node = node_id(row.node);
    if (!node) return node.error();
    const auto& declared = row.declared;
    const SeriesName name{row.node, declared.series};
    const auto known = series_ids_.find(name);
    const bool is_known = known != series_ids_.end();
    static const auto kWriteNew = std::string{kWriteSeries} + kReturningId;
    auto query = is_known ? database_.batch(kWriteSeries) : database_.query(kWriteNew);
    query.bind(node.value()).bind(declared.series).bind(declared.quantity).bind(declared.unit);
    query.bind(declared.driver).bind(declared.least).bind(declared.most).bind(declared.resolution);
    query.bind(milliseconds(declared.period)).bind(row.first_at).bind(row.last_at);
    query.bind(row.last_value).bind(row.readings);
    if (is_known) {
        if (auto written = query.run(); !written) return written;
        return write_beside(row, known->second);
    }
    auto id = returned_id(query);
    if (!id) return id.error();
    return write_beside(row, remember(series_ids_, name, id.value()));
}

/// What few series have stands in tables of its own.
base::Status Dimensions::write_beside(const engine::SeriesRow& row, std::int64_t id) {
    const bool is_between = row.declared.also_between;
    const auto noted = betweens_.find(id);
    if (noted == betweens_.end() || noted->second != is_between) {
        auto between = database_.query(is_between ? kWriteBetween : kNotBetween);
        if (auto written = between.bind(id).run(); !written) return written;
        remember(betweens_, id, is_between);
    }
    if (row.course_since) {
        auto course = database_.batch(kWriteCourse);
        auto written = course.bind(id).bind(*row.course_since).run();
        if (!written) return written;
    }
    return row.ahead ? write(*row.ahead, id) : base::Status{base::Done{}};
}

base::Status Dimensions::write_periods(std::int64_t series,
                                       const dimensions::DeclaredPeriods& periods) {
    auto forgotten = database_.query(kForgetPeriods).bind(series).run();
    if (!forgotten) return forgotten;
    for (const auto& one : periods) {
        auto query = database_.query(kWritePeriod);
        query.bind(series).bind(one.since).bind(milliseconds(one.period));
        if (auto written = query.bind(std::int64_t{one.also_between}).run(); !written) {
            return written;
        }
    }
    return base::Done{};
}

base::Status Dimensions::write(const engine::AheadRow& row, std::int64_t series) {
    auto query = database_.batch(kWriteAhead);
    return query.bind(series).bind(row.at).bind(row.value).bind(row.readings).run();
}

base::Result<std::int64_t> Dimensions::node_id(const std::string& name) {
    const auto known = node_ids_.find(name);
    if (known != node_ids_.end()) return known->second;
    auto found = find_node(name);
    if (!found) return found.error();
    if (found.value()) return remember(node_ids_, name, *found.value());
    engine::NodeRow fresh;
    fresh.node = name;
    if (auto written = write(fresh); !written) return written.error();
    return node_ids_.at(name);
}

base::Result<std::optional<std::int64_t>> Dimensions::series_id(const std::string& node,
                                                                const std::string& series) {
    const auto known = series_ids_.find({node, series});
    if (known != series_ids_.end()) return std::optional{known->second};
    const auto owner = find_node(node);
    if (!owner || !owner.value()) return owner;
    const auto found = find_series(*owner.value(), series);
    if (!found || !found.value()) return found;
    return std::optional{remember(series_ids_, SeriesName{node, series}, *found.value())};
}

base::Result<std::optional<std::int64_t>> Dimensions::find_node(const std::string& name) {
    auto query = database_.query("SELECT id FROM dim_node WHERE name = ?");
    return found_id(query.bind(name));
}

base::Result<std::optional<std::int64_t>> Dimensions::find_series(std::int64_t node,
                                                                  const std::string& name) {
    auto query = database_.query("SELECT id FROM dim_series WHERE node_id = ? AND name = ?");
    return found_id(query.bind(node).bind(name));
}

}  // namespace sinks
