#include "central/sinks/tables/overviews/overviews.hpp"

namespace sinks {

namespace {

constexpr const char* kViews = R"(
DROP VIEW IF EXISTS v_pipeline_health;
CREATE VIEW v_pipeline_health AS
SELECT node.name AS node,
       strftime('%Y-%m-%dT%H:%M:%SZ', node.newest / 1000, 'unixepoch') AS newest_reading,
       strftime('%Y-%m-%dT%H:%M:%SZ', node.stored_at / 1000, 'unixepoch') AS last_stored,
       CAST(strftime('%s', 'now') AS INTEGER) - node.stored_at / 1000 AS quiet_for_s,
       node.clock AS clock, node.lost_records AS lost_records,
       (SELECT coalesce(sum(unplaced), 0) FROM boot WHERE boot.node = node.name) AS waiting_records,
       (SELECT count(*) FROM quarantine WHERE quarantine.node = node.name) AS quarantined_records,
       (SELECT coalesce(sum(readings), 0) FROM dim_series WHERE node_id = node.id) AS readings,
       (SELECT count(*) FROM finding JOIN dim_series ON dim_series.id = finding.series_id
        WHERE dim_series.node_id = node.id AND finding.ended IS NULL) AS open_findings,
       (SELECT count(*) FROM alert WHERE alert.node = node.name AND alert.closed IS NULL)
           AS open_alerts
FROM dim_node AS node
ORDER BY node.name;
DROP VIEW IF EXISTS v_anomaly_trends_7d;
CREATE VIEW v_anomaly_trends_7d AS
WITH RECURSIVE past (day) AS (
    SELECT CAST(strftime('%s', 'now') AS INTEGER) / 86400 - 6
    UNION ALL
    SELECT day + 1 FROM past WHERE day < CAST(strftime('%s', 'now') AS INTEGER) / 86400)
SELECT strftime('%Y-%m-%d', past.day * 86400, 'unixepoch') AS day, code,
       count(*) AS findings, count(DISTINCT series_id) AS series,
       count(*) FILTER (WHERE ended IS NULL) AS still_open
FROM past JOIN finding ON began < (past.day + 1) * 86400000
    AND (ended IS NULL OR held >= past.day * 86400000)
GROUP BY 1, 2
ORDER BY 1, 2;
DROP VIEW IF EXISTS v_completeness;
)";

constexpr const char* kCompleteness = R"(
CREATE VIEW v_completeness AS
SELECT strftime('%Y-%m-%d', rollup.start / 1000, 'unixepoch') AS day,
       node.name AS node, series.name AS series,
       rollup.expected AS expected, rollup.count AS readings, rollup.failed AS failed,
       CASE WHEN rollup.expected > 0
            THEN min(1.0, 1.0 * rollup.count / rollup.expected) END AS completeness,
       rollup.state AS state, rollup.quality AS quality
FROM rollup_1d AS rollup
JOIN dim_series AS series ON series.id = rollup.series_id
JOIN dim_node AS node ON node.id = series.node_id
WHERE rollup.expected IS NOT NULL
ORDER BY 1, 2, 3;
)";

}  // namespace

std::string overview_views(bool has_days) {
    return has_days ? std::string{kViews} + kCompleteness : std::string{kViews};
}

}  // namespace sinks
