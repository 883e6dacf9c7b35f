#include "central/sinks/neighbours/neighbours.hpp"

#include <chrono>
#include <span>
#include <string_view>
#include <utility>

namespace sinks {

namespace {

constexpr base::Duration kForgotten = std::chrono::hours{30 * 24};
constexpr std::uint64_t kNeighboursMax = 10'000;

constexpr const char* kKinds = R"(
WITH inside AS (
    SELECT iif(instr(substr(path, 2), '/') > 0, substr(path, 1, instr(substr(path, 2), '/')), path)
           AS site, stay.series_id AS series_id
    FROM dim_location JOIN series_location AS stay ON stay.location_id = dim_location.id),
member AS (
    SELECT inside.site AS site, series.quantity AS quantity, series.unit AS unit,
           series.node_id AS node_id, series.id AS now_id, 0 AS is_known
    FROM inside JOIN dim_series AS series ON series.id = inside.series_id
    UNION ALL
    SELECT state.site, state.quantity, state.unit, series.node_id, NULL, 1
    FROM drift_state AS state JOIN dim_series AS series ON series.id = state.series_id)
SELECT member.site, member.quantity, member.unit, max(judged.judged), node.newest,
       count(DISTINCT member.now_id), max(member.is_known)
FROM member JOIN dim_node AS node ON node.id = member.node_id
LEFT JOIN drift_judged AS judged ON judged.site = member.site
    AND judged.quantity = member.quantity AND judged.unit = member.unit
WHERE member.quantity <> '' AND node.newest IS NOT NULL
GROUP BY member.site, member.quantity, member.unit, node.id
ORDER BY member.site, member.quantity, member.unit, node.id
)";

// ?1 is the outermost location; '0' comes after '/' in ASCII.
constexpr const char* kNextHour = R"(
SELECT min((SELECT start FROM rollup_1h WHERE series_id = series.id AND start >= ?4
            ORDER BY start LIMIT 1))
FROM dim_location AS location
CROSS JOIN series_location AS stay
CROSS JOIN dim_series AS series
WHERE stay.location_id = location.id AND series.id = stay.series_id
AND (location.path = ?1 OR (location.path > ?1 || '/' AND location.path < ?1 || '0'))
AND series.quantity = ?2 AND series.unit = ?3
)";

constexpr const char* kNeighbours = R"(
WITH inside AS (
    SELECT stay.series_id AS series_id, location.path AS path
    FROM dim_location AS location
    CROSS JOIN series_location AS stay
    WHERE stay.location_id = location.id
    AND (location.path = ?1 OR (location.path > ?1 || '/' AND location.path < ?1 || '0'))
    AND stay.valid_from <= ?4 AND (stay.valid_to IS NULL OR stay.valid_to > ?4)),
member AS (
    SELECT series.id AS id, inside.path AS path
    FROM inside CROSS JOIN dim_series AS series
    WHERE series.id = inside.series_id AND series.quantity = ?2 AND series.unit = ?3
    AND series.last_at >= ?5
    ORDER BY series.id LIMIT ?6)
SELECT series.id, node.name, series.name, series.unit, series.resolution, met.path,
       iif(rollup.count > 0, max(rollup.min, min(rollup.max,
           rollup.sum / nullif(rollup.count, 0))), NULL),
       iif(state.quantity = ?2 AND state.unit = ?3, state.place, ''), state.state
FROM (SELECT id, path FROM member UNION ALL
      SELECT series_id, '' FROM drift_state WHERE site = ?1 AND quantity = ?2 AND unit = ?3
      AND series_id NOT IN (SELECT id FROM member)) AS met
JOIN dim_series AS series ON series.id = met.id
JOIN dim_node AS node ON node.id = series.node_id
LEFT JOIN rollup_1h AS rollup ON rollup.series_id = series.id AND rollup.start = ?4
LEFT JOIN drift_state AS state ON state.series_id = series.id
ORDER BY series.id
)";

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Neighbour read_neighbour(const sql::Query& row) {
    Neighbour neighbour{
        .id = row.integer(0), .node = row.string(1), .series = row.string(2), .member = {}};
    auto& member = neighbour.member;
    member.resolution = row.optional_number(4).value_or(0);
    member.subject.name = neighbour.node + "/" + neighbour.series;
    member.subject.unit = row.string(3);
    member.subject.is_state = member.subject.unit == "/" && member.resolution == 1;
    member.location = row.string(5);
    member.mean = row.optional_number(6);
    if (row.is_null(8)) return neighbour;
    member.place = row.string(7);
    member.drift = detect::drift::Drift{text_of(row.bytes(8))};
    return neighbour;
}

}  // namespace

base::Result<std::vector<KindState>> NeighbourTables::kinds() {
    std::vector<KindState> kinds;
    auto query = database_.query(kKinds);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return kinds;
        Kind kind{.site = query.string(0), .quantity = query.string(1), .unit = query.string(2)};
        if (kinds.empty() || kinds.back().kind != kind) {
            kinds.push_back(
                {.kind = std::move(kind), .judged = query.optional_time(3), .newest = {}});
        }
        kinds.back().newest.push_back(query.time(4));
        kinds.back().series += query.count(5);
        kinds.back().is_known |= query.count(6) != 0;
    }
}

base::Result<std::optional<base::EventTime>> NeighbourTables::next_hour(const Kind& kind,
                                                                        base::EventTime from) {
    auto query = database_.query(kNextHour);
    query.bind(kind.site).bind(kind.quantity).bind(kind.unit).bind(from);
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() ? query.optional_time(0) : std::nullopt;
}

base::Result<std::vector<Neighbour>> NeighbourTables::neighbours(const Kind& kind,
                                                                 base::EventTime hour) {
    std::vector<Neighbour> found;
    auto query = database_.query(kNeighbours);
    query.bind(kind.site).bind(kind.quantity).bind(kind.unit).bind(hour);
    query.bind(hour - kForgotten).bind(kNeighboursMax);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.push_back(read_neighbour(query));
    }
}

base::Status NeighbourTables::write(const JudgedHour& hour) {
    for (const auto& neighbour : hour.changed) {
        if (auto written = write(hour.kind, neighbour); !written) return written;
    }
    auto query = database_.query(
        "INSERT INTO drift_judged (site, quantity, unit, judged) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site, quantity, unit) DO UPDATE SET judged = excluded.judged");
    query.bind(hour.kind.site).bind(hour.kind.quantity).bind(hour.kind.unit);
    return query.bind(hour.end).run();
}

base::Status NeighbourTables::write(const Kind& kind, const Neighbour& neighbour) {
    const auto state = neighbour.member.drift.save();
    if (state.empty()) {
        auto query = database_.query("DELETE FROM drift_state WHERE series_id = ?");
        return query.bind(neighbour.id).run();
    }
    auto query = database_.query(
        "INSERT INTO drift_state (series_id, site, quantity, unit, place, state)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (series_id) DO UPDATE SET site = excluded.site,"
        " quantity = excluded.quantity, unit = excluded.unit, place = excluded.place,"
        " state = excluded.state");
    query.bind(neighbour.id).bind(kind.site).bind(kind.quantity).bind(kind.unit);
    query.bind(neighbour.member.place);
    return query.bind(std::span{reinterpret_cast<const std::uint8_t*>(state.data()), state.size()})
        .run();
}

}  // namespace sinks
