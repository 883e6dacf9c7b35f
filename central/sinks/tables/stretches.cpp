#include "central/sinks/tables/stretches.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"

namespace sinks {

// Stretches end with their hour; the view joins them again, as engine::Visits does. It knows no
// gaps that nodes declared.
const char* const kStretchTables = R"(
CREATE TABLE IF NOT EXISTS stretch (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    began INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    value REAL NOT NULL,
    last REAL NOT NULL,
    readings INTEGER NOT NULL,
    is_exact INTEGER NOT NULL,
    PRIMARY KEY (series_id, began)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series_course (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series,
    since INTEGER NOT NULL
);
DROP VIEW IF EXISTS v_visits;
CREATE VIEW v_visits AS
WITH pair AS (
    SELECT series_id, began, ended, value, stretch.readings AS readings, is_exact, period,
           is_exact = 1 AND lag(is_exact) OVER earlier = 1 AND value = lag(last) OVER earlier
           AND coalesce(began - lag(ended) OVER earlier <= 1.5 * period, TRUE) AS goes_on
    FROM stretch JOIN dim_series AS series ON series.id = series_id
    WHERE series.unit = '/' AND series.resolution = 1 AND began <= series.last_at
    WINDOW earlier AS (PARTITION BY series_id ORDER BY began)),
numbered AS (
    SELECT *, count(*) FILTER (WHERE NOT coalesce(goes_on, FALSE))
           OVER (PARTITION BY series_id ORDER BY began) AS number
    FROM pair),
visit AS (
    SELECT series_id, number, min(began) AS began, max(ended) AS ended, min(value) AS value,
           sum(readings) AS readings, min(is_exact) AS is_exact, min(period) AS period
    FROM numbered GROUP BY series_id, number),
bounded AS (
    SELECT *, lead(began) OVER later AS next, lead(value) OVER later AS next_value
    FROM visit WINDOW later AS (PARTITION BY series_id ORDER BY began))
SELECT node.name AS node, series.name AS series, bounded.value AS value,
       strftime('%Y-%m-%dT%H:%M:%SZ', began / 1000, 'unixepoch') AS "from",
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS "to",
       iif(next_value <> bounded.value AND coalesce(next - ended <= 1.5 * bounded.period, TRUE),
           strftime('%Y-%m-%dT%H:%M:%SZ', next / 1000, 'unixepoch'), NULL) AS "until",
       next IS NULL AS is_open, bounded.readings AS readings
FROM bounded
JOIN dim_series AS series ON series.id = series_id
JOIN dim_node AS node ON node.id = series.node_id
WHERE is_exact = 1
ORDER BY began DESC;
)";

const char* const kStretchColumns = "began, ended, value, last, readings, is_exact";

engine::Stretch read_stretch(const sql::Query& row) {
    return {.from = row.time(0),
            .to = row.time(1),
            .value = row.number(2),
            .last = row.number(3),
            .readings = row.count(4),
            .is_exact = row.integer(5) != 0};
}

base::Result<std::vector<engine::Stretch>> Stretches::read(const std::string& node,
                                                           const std::string& series,
                                                           base::EventTime from,
                                                           base::EventTime to) {
    std::vector<engine::Stretch> found;
    const auto id = dimensions_.series_id(node, series);
    if (!id) return id.error();
    if (!id.value()) return found;
    static const auto kSql = fmt::format(
        "SELECT {} FROM stretch WHERE series_id = ? AND began >= ? AND began < ? ORDER BY began",
        kStretchColumns);
    auto query = database_.query(kSql);
    query.bind(*id.value()).bind(from).bind(to);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.push_back(read_stretch(query));
    }
}

base::Status Stretches::write(const engine::CourseParts& parts) {
    for (const auto& [key, part] : parts) {
        const auto id = dimensions_.series_id(key.node, key.series);
        if (!id) return id.error();
        ENSURE(id.value());
        if (auto written = write(*id.value(), key.from, part); !written) return written;
    }
    return base::Done{};
}

base::Status Stretches::write(std::int64_t series, base::EventTime from,
                              const engine::CoursePart& part) {
    auto remove =
        database_.query("DELETE FROM stretch WHERE series_id = ? AND began >= ? AND began < ?");
    if (auto removed = remove.bind(series).bind(from).bind(part.to).run(); !removed) {
        return removed;
    }
    for (const auto& stretch : part.stretches) {
        auto insert = database_.query(
            "INSERT INTO stretch (series_id, began, ended, value, last, readings, is_exact)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)");
        insert.bind(series).bind(stretch.from).bind(stretch.to).bind(stretch.value);
        insert.bind(stretch.last).bind(stretch.readings);
        insert.bind(std::int64_t{stretch.is_exact ? 1 : 0});
        if (auto written = insert.run(); !written) return written;
    }
    return base::Done{};
}

}  // namespace sinks
