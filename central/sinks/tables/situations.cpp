#include "central/sinks/tables/situations.hpp"

#include <fmt/format.h>

namespace sinks {

namespace {

constexpr const char* kLocations =
    "SELECT series.name, location.path FROM dim_node AS node"
    " JOIN dim_series AS series ON series.node_id = node.id"
    " JOIN series_location AS stay ON stay.series_id = series.id"
    " JOIN dim_location AS location ON location.id = stay.location_id WHERE node.name = ?1"
    " AND stay.valid_from <= ?2 AND (stay.valid_to IS NULL OR stay.valid_to > ?2)";

constexpr const char* kTags =
    "SELECT series.name, tagging.tag FROM dim_node AS node"
    " JOIN dim_series AS series ON series.node_id = node.id"
    " JOIN series_tag AS tagging ON tagging.series_id = series.id WHERE node.name = ?1"
    " AND tagging.valid_from <= ?2 AND (tagging.valid_to IS NULL OR tagging.valid_to > ?2)"
    " ORDER BY tagging.tag";

/// Calls `accept` with the series and the text of each row.
template <class Accept>
base::Status read_each(sql::Database& database, const char* sql, const std::string& node,
                       base::EventTime at, const Accept& accept) {
    auto query = database.query(sql);
    query.bind(node).bind(at);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        accept(query.string(0), query.string(1));
    }
}

// A window is where its first reading was taken.
constexpr const char* kFirst = "iif(rollup.count > 0, rollup.first_at, rollup.start)";

constexpr const char* kWindows = R"(
CREATE VIEW v_{0} AS
SELECT node.name AS node, series.name AS series,
       strftime('%Y-%m-%dT%H:%M:%SZ', rollup.start / 1000, 'unixepoch') AS {1},
       rollup.count AS count,
       max(rollup.min, min(rollup.max, rollup.sum / nullif(rollup.count, 0))) AS mean,
       iif(rollup.count > 0, rollup.min, NULL) AS min,
       iif(rollup.count > 0, rollup.max, NULL) AS max,
       rollup.p50 AS p50, rollup.p90 AS p90, rollup.p99 AS p99,
       series.unit AS unit, rollup.failed AS failed, rollup.late AS late,
       rollup.revision AS revision, {3} AS location,
       coalesce(rollup.state, 'provisional') AS state, rollup.quality AS quality
FROM rollup_{2} AS rollup
JOIN dim_series AS series ON series.id = rollup.series_id
JOIN dim_node AS node ON node.id = series.node_id
ORDER BY node.name, series.name, rollup.start;
CREATE VIEW v_{0}_by_location AS
SELECT location, quantity, unit,
       strftime('%Y-%m-%dT%H:%M:%SZ', start / 1000, 'unixepoch') AS {1},
       count(*) AS series, sum(count) AS count,
       max(min(least), min(max(most), sum(sum) / nullif(sum(count), 0))) AS mean,
       min(least) AS min, max(most) AS max, sum(failed) AS failed
FROM (SELECT {3} AS location, series.quantity AS quantity, series.unit AS unit,
             rollup.start AS start, rollup.count AS count, rollup.sum AS sum,
             iif(rollup.count > 0, rollup.min, NULL) AS least,
             iif(rollup.count > 0, rollup.max, NULL) AS most, rollup.failed AS failed
      FROM rollup_{2} AS rollup JOIN dim_series AS series ON series.id = rollup.series_id)
     AS part
GROUP BY location, quantity, unit, start
ORDER BY location, quantity, unit, start;
)";

constexpr const char* kSituationViews = R"(
DROP VIEW IF EXISTS v_locations;
CREATE VIEW v_locations AS
SELECT location.path AS location, node.name AS node, series.name AS series,
       strftime('%Y-%m-%dT%H:%M:%SZ', stay.valid_from / 1000, 'unixepoch') AS valid_from,
       strftime('%Y-%m-%dT%H:%M:%SZ', stay.valid_to / 1000, 'unixepoch') AS valid_to
FROM series_location AS stay
JOIN dim_location AS location ON location.id = stay.location_id
JOIN dim_series AS series ON series.id = stay.series_id
JOIN dim_node AS node ON node.id = series.node_id
ORDER BY location.path, node.name, series.name, stay.valid_from;
DROP VIEW IF EXISTS v_tags;
CREATE VIEW v_tags AS
SELECT tagging.tag AS tag, node.name AS node, series.name AS series,
       strftime('%Y-%m-%dT%H:%M:%SZ', tagging.valid_from / 1000, 'unixepoch') AS valid_from,
       strftime('%Y-%m-%dT%H:%M:%SZ', tagging.valid_to / 1000, 'unixepoch') AS valid_to
FROM series_tag AS tagging
JOIN dim_series AS series ON series.id = tagging.series_id
JOIN dim_node AS node ON node.id = series.node_id
ORDER BY tagging.tag, node.name, series.name, tagging.valid_from;
)";

}  // namespace

const char* const kSituationConditions =
    " AND (?6 = '' OR EXISTS (SELECT 1 FROM series_location AS stay"
    " JOIN dim_location AS location ON location.id = stay.location_id"
    " WHERE stay.series_id = dim_series.id AND stay.valid_from <= ?5"
    " AND (stay.valid_to IS NULL OR stay.valid_to > ?5) AND (?6 = 'unknown' OR location.path = ?6"
    " OR substr(location.path, 1, length(?6) + 1) = ?6 || '/')) <> (?6 = 'unknown'))"
    " AND (?7 = '' OR EXISTS (SELECT 1 FROM series_tag AS tagging"
    " WHERE tagging.series_id = dim_series.id AND tagging.tag = ?7 AND tagging.valid_from <= ?5"
    " AND (tagging.valid_to IS NULL OR tagging.valid_to > ?5)))";

base::Result<std::map<std::string, dimensions::Situation>> read_situations(sql::Database& database,
                                                                           const std::string& node,
                                                                           base::EventTime at) {
    std::map<std::string, dimensions::Situation> all;
    auto read =
        read_each(database, kLocations, node, at,
                  [&](const auto& series, const auto& path) { all[series].location = path; });
    if (!read) return read.error();
    read = read_each(database, kTags, node, at,
                     [&](const auto& series, const auto& tag) { all[series].tags.push_back(tag); });
    if (!read) return read.error();
    return all;
}

std::string location_at(const std::string& series_id, const std::string& time) {
    return fmt::format(
        "coalesce((SELECT location.path FROM series_location AS stay"
        " JOIN dim_location AS location ON location.id = stay.location_id"
        " WHERE stay.series_id = {0} AND stay.valid_from <= {1}"
        " AND (stay.valid_to IS NULL OR stay.valid_to > {1})), 'unknown')",
        series_id, time);
}

std::string situation_views() {
    return kSituationViews;
}

std::string window_views(const WindowsView& view) {
    return fmt::format(fmt::runtime(kWindows), view.name, view.unit, view.span,
                       location_at("rollup.series_id", kFirst));
}

}  // namespace sinks
