#include "central/sinks/tables/forgetting.hpp"

#include <fmt/format.h>

#include <vector>

#include "sqlite/transaction.hpp"
#include "wire/limits.hpp"

namespace sinks {

namespace {

constexpr const char* kOfSeries =
    "series_id IN (SELECT dim_series.id FROM dim_series JOIN dim_node ON dim_node.id = node_id"
    " WHERE dim_node.name = ?)";

// In this order: a table is emptied before what it refers to.
const std::vector<std::string>& deletions() {
    static const std::vector<std::string> kDeletions{
        fmt::format("DELETE FROM series_location WHERE {}", kOfSeries),
        fmt::format("DELETE FROM series_tag WHERE {}", kOfSeries),
        "DELETE FROM statement WHERE node = ?", "DELETE FROM silence WHERE node = ?",
        "DELETE FROM alert_delivery WHERE alert_id IN"
        " (SELECT id FROM alert WHERE node = ? AND closed IS NOT NULL)",
        // One that holds is closed by the next central, so that who was told of it hears its end.
        "DELETE FROM alert WHERE node = ? AND closed IS NOT NULL",
        fmt::format("DELETE FROM series_ahead WHERE {}", kOfSeries),
        fmt::format("DELETE FROM finding WHERE {}", kOfSeries),
        fmt::format("DELETE FROM drift_state WHERE {}", kOfSeries),
        fmt::format("DELETE FROM watch_state WHERE {}", kOfSeries),
        fmt::format("DELETE FROM watch_habits WHERE {}", kOfSeries),
        fmt::format("DELETE FROM series_between WHERE {}", kOfSeries),
        fmt::format("DELETE FROM series_period WHERE {}", kOfSeries),
        fmt::format("DELETE FROM stretch WHERE {}", kOfSeries),
        fmt::format("DELETE FROM series_course WHERE {}", kOfSeries),
        fmt::format("DELETE FROM judging WHERE {}", kOfSeries),
        "DELETE FROM gap WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)",
        "DELETE FROM dim_series WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)",
        "DELETE FROM dim_node WHERE name = ?",
        "DELETE FROM quarantine_part WHERE quarantine_id IN"
        " (SELECT id FROM quarantine WHERE node = ?)",
        "DELETE FROM quarantine WHERE node = ?", "DELETE FROM unplaced WHERE node = ?",
        "DELETE FROM last_placed WHERE node = ?", "DELETE FROM boot WHERE node = ?",
        "DELETE FROM boot_first WHERE node = ?",
        "DELETE FROM applied_hash WHERE mark_id IN (SELECT id FROM mark WHERE node = ?)",
        "DELETE FROM mark WHERE node = ?"};
    return kDeletions;
}

// Of a level; those above are empty only then.
constexpr const char* kEmptyLocations =
    "DELETE FROM dim_location WHERE id NOT IN (SELECT location_id FROM series_location)"
    " AND id NOT IN (SELECT parent_id FROM dim_location WHERE parent_id IS NOT NULL)";

/// The tables of windows, whatever spans they were made for: "rollup_1m", "failed_1m" …
base::Result<std::vector<std::string>> window_tables(sqlite::Database& database,
                                                     const char* pattern) {
    std::vector<std::string> names;
    auto query = database.query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ? ORDER BY name");
    query.bind(std::string_view{pattern});
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return names;
        names.push_back(query.string(0));
    }
}

base::Result<std::uint64_t> count(sqlite::Database& database, const std::string& sql,
                                  const std::string& node) {
    auto query = database.query(sql);
    auto row = query.bind(node).next();
    if (!row) return row.error();
    return row.value() ? query.count(0) : 0;
}

}  // namespace

base::Result<Holdings> holdings_of(sqlite::Database& database, const std::string& node) {
    Holdings holdings;
    std::uint64_t known = 0;
    struct Question {
        std::uint64_t& number;
        std::string sql;
    };
    std::vector<Question> questions{
        {known,
         "SELECT (SELECT count(*) FROM dim_node WHERE name = ?1) +"
         " (SELECT count(*) FROM mark WHERE node = ?1)"},
        {holdings.series,
         "SELECT count(*) FROM dim_series WHERE node_id ="
         " (SELECT id FROM dim_node WHERE name = ?)"},
        {holdings.readings,
         "SELECT coalesce(sum(readings), 0) FROM dim_series WHERE node_id ="
         " (SELECT id FROM dim_node WHERE name = ?)"},
        {holdings.gaps,
         "SELECT count(*) FROM gap WHERE node_id ="
         " (SELECT id FROM dim_node WHERE name = ?)"},
        {holdings.unplaced, "SELECT count(*) FROM unplaced WHERE node = ?"},
        {holdings.quarantined, "SELECT count(*) FROM quarantine WHERE node = ?"}};
    for (auto& [number, sql] : questions) {
        const auto found = count(database, sql, node);
        if (!found) return found.error();
        number = found.value();
    }
    holdings.is_known = known > 0;
    const auto tables = window_tables(database, "rollup_*");
    if (!tables) return tables.error();
    for (const auto& table : tables.value()) {
        const auto sql = fmt::format("SELECT count(*) FROM {} WHERE {}", table, kOfSeries);
        const auto windows = count(database, sql, node);
        if (!windows) return windows.error();
        holdings.windows += windows.value();
    }
    return holdings;
}

base::Status forget_node(sqlite::Database& database, const std::string& node) {
    sqlite::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun();
    for (const auto* pattern : {"rollup_*", "failed_*"}) {
        const auto tables = window_tables(database, pattern);
        if (!tables) return tables.error();
        for (const auto& table : tables.value()) {
            auto query = database.query(fmt::format("DELETE FROM {} WHERE {}", table, kOfSeries));
            if (auto removed = query.bind(node).run(); !removed) return removed;
        }
    }
    for (const auto& sql : deletions()) {
        if (auto removed = database.query(sql).bind(node).run(); !removed) return removed;
    }
    for (std::size_t level = 0; level < wire::kLocationLevelsMax; ++level) {
        if (auto removed = database.execute(kEmptyLocations); !removed) return removed;
    }
    return transaction.commit();
}

}  // namespace sinks
