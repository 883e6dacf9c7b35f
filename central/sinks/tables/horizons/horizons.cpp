#include "central/sinks/tables/horizons/horizons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sql/transaction.hpp"

namespace sinks {

namespace {

// Each series by the key of its windows: one that has none to go costs one look.
constexpr const char* kRemove =
    "DELETE FROM {0}_{1} WHERE (series_id, start{2}) IN (SELECT series_id, start{2}"
    " FROM dim_series CROSS JOIN {0}_{1} WHERE series_id = dim_series.id"
    " AND dim_series.id >= ?1 AND start < ?2 ORDER BY dim_series.id LIMIT ?3)"
    " RETURNING series_id";

std::string key_of(const std::string& span) {
    return "kept_from:" + span;
}

/// Adds what went of one table.
base::Result<RemovedWindows> remove(sql::Query& query, std::int64_t from_series) {
    RemovedWindows removed{.windows = 0, .series = from_series};
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return removed;
        ++removed.windows;
        removed.series = std::max(removed.series, query.integer(0));
    }
}

}  // namespace

base::Result<std::optional<base::EventTime>> read_horizon(sql::Database& database,
                                                          const std::string& span) {
    auto query = database.query("SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?");
    const auto row = query.bind(key_of(span)).next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<base::EventTime>{};
    return std::optional{query.time(0)};
}

base::Status raise_horizon(sql::Database& database, const std::string& span,
                           base::EventTime before) {
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE"
        " SET value = max(CAST(meta.value AS INTEGER), CAST(excluded.value AS INTEGER))");
    return query.bind(key_of(span)).bind(before).run();
}

base::Status clear_horizon(sql::Database& database, const std::string& span) {
    auto query = database.query("DELETE FROM meta WHERE name = ?");
    return query.bind(key_of(span)).run();
}

base::Result<RemovedWindows> remove_given_up(sql::Database& database, const std::string& span,
                                             std::int64_t from_series, std::size_t windows_max) {
    const auto horizon = read_horizon(database, span);
    if (!horizon) return horizon.error();
    if (!horizon.value()) return RemovedWindows{.windows = 0, .series = from_series};
    sql::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun().error();
    RemovedWindows removed;
    for (const auto& [table, more] : {std::pair{"failed", ", reason"}, {"rollup", ""}}) {
        auto query = database.query(fmt::format(kRemove, table, span, more));
        query.bind(from_series).bind(*horizon.value()).bind(std::uint64_t{windows_max});
        const auto done = remove(query, from_series);
        if (!done) return done;
        removed = done.value();
        if (removed.windows == windows_max) break;  // There may be more reasons.
    }
    if (auto ended = transaction.commit(); !ended) return ended.error();
    return removed;
}

}  // namespace sinks
