#include "central/sinks/tables/forgetting.hpp"

#include <fmt/format.h>

#include <vector>

#include "central/sinks/tables/spans.hpp"
#include "sql/transaction.hpp"
#include "wire/limits.hpp"

namespace sinks {

namespace {

// ?1 is the node, ?2 the series, or empty for all of them.
constexpr const char* kOfSeries =
    "series_id IN (SELECT dim_series.id FROM dim_series JOIN dim_node ON dim_node.id = node_id"
    " WHERE dim_node.name = ?1 AND (?2 = '' OR dim_series.name = ?2))";

// In this order: a table is emptied before what it refers to.
const std::vector<std::string>& series_deletions() {
    static const auto kDeletions = [] {
        std::vector<std::string> all;
        for (const auto* table :
             {"series_location", "series_tag", "series_ahead", "finding", "drift_state",
              "watch_state", "watch_habits", "series_between", "series_period", "stretch",
              "series_course", "judging", "reading_block"}) {
            all.push_back(fmt::format("DELETE FROM {} WHERE {}", table, kOfSeries));
        }
        for (const auto* table : {"statement", "silence"}) {
            all.push_back(
                fmt::format("DELETE FROM {} WHERE node = ?1 AND (?2 = '' OR series = ?2)", table));
        }
        // An alert that holds is closed by the next central, so that who was told of it hears its
        // end.
        constexpr const char* kEnded =
            "node = ?1 AND (?2 = '' OR series = ?2) AND closed IS NOT NULL";
        all.push_back(fmt::format(
            "DELETE FROM alert_delivery WHERE alert_id IN (SELECT id FROM alert WHERE {})",
            kEnded));
        all.push_back(fmt::format("DELETE FROM alert WHERE {}", kEnded));
        all.push_back(
            "DELETE FROM dim_series WHERE node_id = (SELECT id FROM dim_node WHERE name = ?1)"
            " AND (?2 = '' OR name = ?2)");
        return all;
    }();
    return kDeletions;
}

const std::vector<std::string>& node_deletions() {
    static const std::vector<std::string> kDeletions{
        "DELETE FROM gap WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)",
        "DELETE FROM incarnation WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)",
        "DELETE FROM dim_node WHERE name = ?",
        "DELETE FROM quarantine_part WHERE quarantine_id IN"
        " (SELECT id FROM quarantine WHERE node = ?)",
        "DELETE FROM quarantine WHERE node = ?",
        "DELETE FROM unplaced WHERE node = ?",
        "DELETE FROM last_placed WHERE node = ?",
        "DELETE FROM boot WHERE node = ?",
        "DELETE FROM boot_first WHERE node = ?",
        "DELETE FROM applied_hash WHERE mark_id IN (SELECT id FROM mark WHERE node = ?)",
        "DELETE FROM mark WHERE node = ?"};
    return kDeletions;
}

// Of a level; those above are empty only then.
constexpr const char* kEmptyLocations =
    "DELETE FROM dim_location WHERE id NOT IN (SELECT location_id FROM series_location)"
    " AND id NOT IN (SELECT parent_id FROM dim_location WHERE parent_id IS NOT NULL)";

base::Result<std::uint64_t> count(sql::Query& query) {
    auto row = query.next();
    if (!row) return row.error();
    return row.value() ? query.count(0) : 0;
}

/// With its windows, and without its node.
base::Status delete_series(sql::Database& database, const std::string& node,
                           const std::string& series) {
    for (const auto* prefix : {"rollup_", "failed_"}) {
        const auto tables = window_tables(database, prefix);
        if (!tables) return tables.error();
        for (const auto& table : tables.value()) {
            auto query = database.query(fmt::format("DELETE FROM {} WHERE {}", table, kOfSeries));
            if (auto removed = query.bind(node).bind(series).run(); !removed) return removed;
        }
    }
    for (const auto& sql : series_deletions()) {
        auto removed = database.query(sql).bind(node).bind(series).run();
        if (!removed) return removed;
    }
    for (std::size_t level = 0; level < wire::kLocationLevelsMax; ++level) {
        if (auto removed = database.execute(kEmptyLocations); !removed) return removed;
    }
    return base::Done{};
}

base::Status count_series(sql::Database& database, const std::string& node,
                          const std::string& series, Holdings& holdings) {
    auto known = database.query(
        "SELECT count(*), coalesce(sum(readings), 0) FROM dim_series WHERE node_id ="
        " (SELECT id FROM dim_node WHERE name = ?1) AND (?2 = '' OR name = ?2)");
    const auto row = known.bind(node).bind(series).next();
    if (!row) return row.error();
    holdings.series = known.count(0);
    holdings.readings = known.count(1);
    const auto tables = window_tables(database, "rollup_");
    if (!tables) return tables.error();
    for (const auto& table : tables.value()) {
        auto query =
            database.query(fmt::format("SELECT count(*) FROM {} WHERE {}", table, kOfSeries));
        query.bind(node).bind(series);
        const auto windows = count(query);
        if (!windows) return windows.error();
        holdings.windows += windows.value();
    }
    return base::Done{};
}

}  // namespace

base::Result<Holdings> holdings_of(sql::Database& database, const std::string& node) {
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
        {holdings.gaps,
         "SELECT count(*) FROM gap WHERE node_id ="
         " (SELECT id FROM dim_node WHERE name = ?)"},
        {holdings.unplaced, "SELECT count(*) FROM unplaced WHERE node = ?"},
        {holdings.quarantined, "SELECT count(*) FROM quarantine WHERE node = ?"}};
    for (auto& [number, sql] : questions) {
        auto query = database.query(sql);
        query.bind(node);
        const auto found = count(query);
        if (!found) return found.error();
        number = found.value();
    }
    holdings.is_known = known > 0;
    if (auto counted = count_series(database, node, {}, holdings); !counted) {
        return counted.error();
    }
    return holdings;
}

base::Result<Holdings> holdings_of(sql::Database& database, const std::string& node,
                                   const std::string& series) {
    Holdings holdings;
    if (auto counted = count_series(database, node, series, holdings); !counted) {
        return counted.error();
    }
    holdings.is_known = holdings.series > 0;
    return holdings;
}

base::Status forget_node(sql::Database& database, const std::string& node) {
    sql::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun();
    if (auto removed = delete_series(database, node, {}); !removed) return removed;
    for (const auto& sql : node_deletions()) {
        if (auto removed = database.query(sql).bind(node).run(); !removed) return removed;
    }
    return transaction.commit();
}

base::Status forget_series(sql::Database& database, const std::string& node,
                           const std::string& series) {
    sql::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun();
    if (auto removed = delete_series(database, node, series); !removed) return removed;
    return transaction.commit();
}

}  // namespace sinks
