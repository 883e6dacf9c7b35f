#include "central/sinks/sqlite_dimensions.hpp"

#include <fmt/format.h>

#include <chrono>

namespace sinks {

namespace {

// Ids of so many nodes or series are remembered; beyond it all are forgotten and looked up again.
constexpr std::size_t kIdsMax = 100'000;

template <class Ids, class Name>
std::int64_t remember(Ids& ids, const Name& name, std::int64_t id) {
    if (ids.size() >= kIdsMax) ids.clear();
    ids.insert_or_assign(name, id);
    return id;
}

base::Result<std::int64_t> returned_id(Statement& statement) {
    auto row = statement.step();
    if (!row) return row.error();
    const auto id = statement.integer(0);
    if (auto end = statement.run(); !end) return end.error();
    return id;
}

std::optional<std::int64_t> milliseconds(const std::optional<base::Duration>& duration) {
    if (!duration) return std::nullopt;
    return duration->count();
}

std::optional<base::Duration> duration(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Duration{row.integer(column)};
}

constexpr const char* kWriteNode =
    "INSERT INTO dim_node (name, incarnation, seq, hash, stored_at, newest, clock, lost_records)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
    " incarnation = excluded.incarnation, seq = excluded.seq, hash = excluded.hash,"
    " stored_at = excluded.stored_at, newest = excluded.newest, clock = excluded.clock,"
    " lost_records = excluded.lost_records RETURNING id";

constexpr const char* kWriteSeries =
    "INSERT INTO dim_series (node_id, name, quantity, unit, driver, least, most, resolution, "
    "period,"
    " first_at, last_at, last_value, readings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (node_id, name) DO UPDATE SET quantity = excluded.quantity, unit = excluded.unit,"
    " driver = excluded.driver, least = excluded.least, most = excluded.most,"
    " resolution = excluded.resolution, period = excluded.period, first_at = excluded.first_at,"
    " last_at = excluded.last_at, last_value = excluded.last_value, readings = excluded.readings"
    " RETURNING id";

}  // namespace

const char* const kNodeColumns =
    "dim_node.name, dim_node.incarnation, dim_node.seq, dim_node.hash, dim_node.stored_at,"
    " dim_node.newest, dim_node.clock, dim_node.lost_records,"
    " (SELECT coalesce(sum(boot.unplaced), 0) FROM boot WHERE boot.node = dim_node.name)";

const char* const kSeriesColumns =
    "dim_node.name, dim_series.name, quantity, unit, driver, least, most, resolution, period,"
    " first_at, last_at, last_value, readings";

engine::NodeRow read_node(const Statement& row) {
    return {.node = row.text(0),
            .incarnation = wire::parse_incarnation(row.text(1)).value_or(wire::Incarnation{}),
            .applied = {.seq = row.count(2), .hash = row.hash(3)},
            .stored_at = row.time(4),
            .newest = row.optional_time(5),
            .clock = wire::parse_clock_state(row.text(6)).value_or(wire::ClockState::boot),
            .lost_records = row.count(7),
            .unplaced = row.count(8)};
}

engine::SeriesRow read_series(const Statement& row) {
    return {.node = row.text(0),
            .declared = {.series = row.text(1),
                         .quantity = row.text(2),
                         .unit = row.text(3),
                         .driver = row.text(4),
                         .least = row.optional_number(5),
                         .most = row.optional_number(6),
                         .resolution = row.optional_number(7),
                         .period = duration(row, 8)},
            .first_at = row.optional_time(9),
            .last_at = row.optional_time(10),
            .last_value = row.number(11),
            .readings = row.count(12)};
}

base::Status prepare_all(
    Database& database,
    const std::vector<std::pair<std::reference_wrapper<Statement>, std::string>>& statements) {
    for (const auto& [place, text] : statements) {
        auto statement = database.prepare(text);
        if (!statement) return statement.error();
        place.get() = std::move(statement).value();
    }
    return base::Done{};
}

base::Result<Dimensions> Dimensions::prepare(Database& database) {
    Dimensions made;
    const auto from_series = fmt::format(
        "SELECT {} FROM dim_series JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = ?"
        " ORDER BY dim_series.name",
        kSeriesColumns);
    auto prepared = prepare_all(
        database,
        {{made.read_node_, fmt::format("SELECT {} FROM dim_node WHERE name = ?", kNodeColumns)},
         {made.read_series_, from_series},
         {made.write_node_, kWriteNode},
         {made.write_series_, kWriteSeries},
         {made.find_node_, "SELECT id FROM dim_node WHERE name = ?"},
         {made.find_series_, "SELECT id FROM dim_series WHERE node_id = ? AND name = ?"}});
    if (!prepared) return prepared.error();
    return made;
}

base::Result<std::optional<engine::NodeRow>> Dimensions::node(const std::string& name) {
    auto row = read_node_.begin().bind(name).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::NodeRow>{};
    std::optional found{read_node(read_node_)};
    read_node_.begin();
    return found;
}

base::Result<std::vector<engine::SeriesRow>> Dimensions::series(const std::string& node) {
    std::vector<engine::SeriesRow> rows;
    read_series_.begin().bind(node);
    for (;;) {
        auto row = read_series_.step();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back(read_series(read_series_));
    }
}

base::Status Dimensions::write(const engine::NodeRow& row) {
    const auto incarnation = wire::to_text(row.incarnation);
    write_node_.begin().bind(row.node).bind(incarnation).bind(row.applied.seq);
    write_node_.bind(row.applied.hash).bind(row.stored_at).bind(row.newest);
    write_node_.bind(wire::to_text(row.clock)).bind(row.lost_records);
    auto id = returned_id(write_node_);
    if (!id) return id.error();
    remember(node_ids_, row.node, id.value());
    return base::Done{};
}

base::Status Dimensions::write(const engine::SeriesRow& row) {
    auto node = node_id(row.node);
    if (!node) return node.error();
    const auto& declared = row.declared;
    write_series_.begin().bind(node.value()).bind(declared.series).bind(declared.quantity);
    write_series_.bind(declared.unit).bind(declared.driver).bind(declared.least);
    write_series_.bind(declared.most).bind(declared.resolution).bind(milliseconds(declared.period));
    write_series_.bind(row.first_at).bind(row.last_at).bind(row.last_value).bind(row.readings);
    auto id = returned_id(write_series_);
    if (!id) return id.error();
    remember(series_ids_, SeriesName{row.node, declared.series}, id.value());
    return base::Done{};
}

base::Result<std::int64_t> Dimensions::node_id(const std::string& name) {
    const auto known = node_ids_.find(name);
    if (known != node_ids_.end()) return known->second;
    auto row = find_node_.begin().bind(name).step();
    if (!row) return row.error();
    if (row.value()) {
        const auto id = remember(node_ids_, name, find_node_.integer(0));
        find_node_.begin();
        return id;
    }
    engine::NodeRow fresh;
    fresh.node = name;
    if (auto written = write(fresh); !written) return written.error();
    return node_ids_.at(name);
}

base::Result<std::optional<std::int64_t>> Dimensions::series_id(const std::string& node,
                                                                const std::string& series) {
    const auto known = series_ids_.find({node, series});
    if (known != series_ids_.end()) return std::optional{known->second};
    auto stored = find_node_.begin().bind(node).step();
    if (!stored) return stored.error();
    if (!stored.value()) return std::optional<std::int64_t>{};
    const auto owner = find_node_.integer(0);
    find_node_.begin();
    auto row = find_series_.begin().bind(owner).bind(series).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<std::int64_t>{};
    const auto id = remember(series_ids_, SeriesName{node, series}, find_series_.integer(0));
    find_series_.begin();
    return std::optional{id};
}

}  // namespace sinks
