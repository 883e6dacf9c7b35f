#include "central/sinks/tables/rollups.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/ensure.hpp"
#include "central/sinks/tables/spans.hpp"

namespace sinks {

namespace {

// A window that was written anew has to be judged anew.
constexpr const char* kReplaceWindow =
    " ON CONFLICT (series_id, start) DO UPDATE SET count = excluded.count, sum = excluded.sum,"
    " sumsq = excluded.sumsq, min = excluded.min, max = excluded.max, first = excluded.first,"
    " last = excluded.last, first_at = excluded.first_at, last_at = excluded.last_at,"
    " failed = excluded.failed, late = excluded.late, revision = excluded.revision,"
    " sketch = excluded.sketch, p50 = excluded.p50, p90 = excluded.p90, p99 = excluded.p99,"
    " state = NULL, expected = NULL, quality = NULL, causes = NULL";

/// A sketch that cannot be read is none: its quantiles are refused.
std::optional<wire::Sketch> read_sketch(const sql::Query& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    auto sketch = wire::Sketch::decode(row.text(column));
    if (!sketch) return std::nullopt;
    return std::move(sketch).value();
}

}  // namespace

std::string window_columns(bool with_sketch) {
    const std::string columns =
        "count, sum, sumsq, min, max, first, last, first_at, last_at, failed, late, revision, ";
    return columns + (with_sketch ? "sketch" : "NULL");
}

engine::WindowRow read_window(const sql::Query& row, int first_column, bool with_sketch) {
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
            .reasons = {},
            .late = row.count(c + 10),
            .revision = row.count(c + 11),
            .sketch = with_sketch ? read_sketch(row, c + 12) : std::nullopt};
}

Rollups::Rollups(sql::Database& database, const std::vector<base::Duration>& spans)
    : database_(database) {
    for (const auto span : spans) {
        const auto name = span_name(span);
        statements_[span] = {
            .read = fmt::format("SELECT {} FROM rollup_{} WHERE series_id = ? AND start = ?",
                                window_columns(true), name),
            .write = fmt::format("INSERT INTO rollup_{} (series_id, start, {}, p50, p90, p99)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?){}",
                                 name, window_columns(true), kReplaceWindow),
            .read_reasons = fmt::format(
                "SELECT reason, readings FROM failed_{} WHERE series_id = ? AND start = ?"
                " ORDER BY reason",
                name),
            .write_reason = fmt::format(
                "INSERT INTO failed_{} (series_id, start, reason, readings) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (series_id, start, reason) DO UPDATE SET"
                " readings = excluded.readings",
                name),
            .remove_reason = fmt::format(
                "DELETE FROM failed_{} WHERE series_id = ? AND start = ? AND reason = ?", name)};
    }
}

base::Result<std::optional<engine::WindowRow>> Rollups::read(base::Duration span,
                                                             std::int64_t series,
                                                             base::EventTime start) {
    const auto& statements = statements_.at(span);
    auto query = database_.query(statements.read);
    auto found = query.bind(series).bind(start).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<engine::WindowRow>{};
    auto row = read_window(query);
    if (row.failed == 0) return std::optional{row};
    if (auto read = read_reasons(statements, series, start, row); !read) return read.error();
    return std::optional{row};
}

base::Status Rollups::read_reasons(const Statements& statements, std::int64_t series,
                                   base::EventTime start, engine::WindowRow& row) {
    auto query = database_.query(statements.read_reasons);
    query.bind(series).bind(start);
    for (;;) {
        auto next = query.next();
        if (!next) return next.error();
        if (!next.value()) return base::Done{};
        row.reasons.push_back({.reason = query.string(0), .readings = query.count(1)});
    }
}

base::Status Rollups::write(base::Duration span, std::int64_t series, base::EventTime start,
                            const engine::WindowRow& row) {
    const auto known = statements_.find(span);
    ENSURE(known != statements_.end());
    const auto& summary = row.summary;
    auto query = database_.batch(known->second.write);
    query.bind(series).bind(start).bind(summary.count).bind(summary.sum).bind(summary.sumsq);
    query.bind(summary.min).bind(summary.max).bind(summary.first).bind(summary.last);
    query.bind(row.first_at).bind(row.last_at).bind(row.failed).bind(row.late);
    const auto sketch =
        row.sketch ? std::optional{row.sketch->encode()} : std::optional<std::string>{};
    query.bind(row.revision).bind(sketch);
    query.bind(row.quantile(0.5)).bind(row.quantile(0.9)).bind(row.quantile(0.99));
    if (auto written = query.run(); !written) return written;
    for (const auto& [reason, readings] : row.reasons) {
        auto insert = database_.batch(known->second.write_reason);
        auto written = insert.bind(series).bind(start).bind(reason).bind(readings).run();
        if (!written) return written;
    }
    return base::Done{};
}

base::Status Rollups::heal(base::Duration span, std::int64_t series, base::EventTime start,
                           const std::string& reason) {
    const auto known = statements_.find(span);
    ENSURE(known != statements_.end());
    auto query = database_.query(known->second.remove_reason);
    return query.bind(series).bind(start).bind(reason).run();
}

}  // namespace sinks
