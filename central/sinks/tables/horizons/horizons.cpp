#include "central/sinks/tables/horizons/horizons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sql/transaction.hpp"

namespace sinks {

namespace {

// Of the first series, from ?1 on, that has a window to go. Each is looked at by the key of its
// windows, whatever a planner thinks of how many there are: a scalar query is never made a join.
constexpr const char* kRemove =
    "DELETE FROM {0}_{1} WHERE (series_id, start{2}) IN (SELECT series_id, start{2}"
    " FROM {0}_{1} WHERE series_id = (SELECT min(id) FROM dim_series WHERE id >= ?1"
    " AND (SELECT min(start) FROM {0}_{1} AS own WHERE own.series_id = dim_series.id) < ?2)"
    " AND start < ?2 LIMIT ?3) RETURNING series_id";

std::string key_of(const std::string& span) {
    return "kept_from:" + span;
}

/// Adds what goes of one table, series by series.
base::Status remove(sql::Database& database, const std::string& sql, base::EventTime before,
                    std::size_t windows_max, RemovedWindows& removed) {
    while (removed.windows < windows_max) {
        auto query = database.query(sql);
        query.bind(removed.series).bind(before);
        query.bind(std::uint64_t{windows_max - removed.windows});
        const auto already = removed.windows;
        for (;;) {
            const auto row = query.next();
            if (!row) return row.error();
            if (!row.value()) break;
            ++removed.windows;
            removed.series = query.integer(0);
        }
        if (removed.windows == already) break;
    }
    return base::Done{};
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
        removed = {.windows = 0, .series = from_series};
        auto done = remove(database, fmt::format(kRemove, table, span, more), *horizon.value(),
                           windows_max, removed);
        if (!done) return done.error();
        if (removed.windows == windows_max) break;  // There may be more reasons.
    }
    if (auto ended = transaction.commit(); !ended) return ended.error();
    return removed;
}

}  // namespace sinks
