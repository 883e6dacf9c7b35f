#include "central/sinks/sqlite_rows.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "central/sinks/sqlite_dimensions.hpp"

namespace sinks {

const char* const kWindowColumns =
    "count, sum, sumsq, min, max, first, last, first_at, last_at, failed, late, revision";

engine::WindowRow read_window(const Statement& row, int first_column) {
    const int c = first_column;
    return {.summary = {.count = row.count(c),
                        .sum = row.number(c + 1),
                        .sumsq = row.number(c + 2),
                        .min = row.number(c + 3),
                        .max = row.number(c + 4),
                        .first = row.number(c + 5),
                        .last = row.number(c + 6)},
            .first_at = row.time(c + 7),
            .last_at = row.time(c + 8),
            .failed = row.count(c + 9),
            .late = row.count(c + 10),
            .revision = row.count(c + 11)};
}

base::Result<Rollups> Rollups::prepare(Database& database,
                                       const std::vector<base::Duration>& spans) {
    Rollups made;
    for (const auto span : spans) {
        auto& table = made.tables_[span];
        const auto name = span_name(span);
        auto prepared = prepare_all(
            database,
            {{table.read, fmt::format("SELECT {} FROM rollup_{} WHERE series_id = ? AND start = ?",
                                      kWindowColumns, name)},
             {table.write,
              fmt::format("INSERT OR REPLACE INTO rollup_{} (series_id, start, {}) VALUES"
                          " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          name, kWindowColumns)}});
        if (!prepared) return prepared.error();
    }
    return made;
}

base::Result<std::optional<engine::WindowRow>> Rollups::read(base::Duration span,
                                                             std::int64_t series,
                                                             base::EventTime start) {
    auto& statement = tables_.at(span).read;
    auto row = statement.begin().bind(series).bind(start).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::WindowRow>{};
    std::optional found{read_window(statement)};
    statement.begin();
    return found;
}

base::Status Rollups::write(base::Duration span, std::int64_t series, base::EventTime start,
                            const engine::WindowRow& row) {
    const auto table = tables_.find(span);
    ENSURE(table != tables_.end());
    const auto& summary = row.summary;
    auto& statement = table->second.write.begin();
    statement.bind(series).bind(start).bind(summary.count).bind(summary.sum).bind(summary.sumsq);
    statement.bind(summary.min).bind(summary.max).bind(summary.first).bind(summary.last);
    statement.bind(row.first_at).bind(row.last_at).bind(row.failed).bind(row.late);
    auto written = statement.bind(row.revision).run();
    if (!written) return written.error();
    return base::Done{};
}

}  // namespace sinks
