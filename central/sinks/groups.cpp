#include "central/sinks/groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "central/sinks/tables/rollups.hpp"
#include "central/sinks/tables/spans.hpp"

namespace sinks {

namespace {

// A row belongs to where its first reading was taken.
constexpr const char* kRows =
    "SELECT series.id, series.unit, start, {0}"
    " FROM (SELECT id, unit FROM dim_series WHERE quantity = ?1) AS series"
    " CROSS JOIN rollup_{1} AS rollup WHERE rollup.series_id = series.id"
    " AND start >= ?2 AND start < ?3"
    " AND (?4 = '' OR EXISTS (SELECT 1 FROM series_location AS stay"
    " JOIN dim_location AS location ON location.id = stay.location_id"
    " WHERE stay.series_id = series.id AND stay.valid_from <= {2}"
    " AND (stay.valid_to IS NULL OR stay.valid_to > {2}) AND (?4 = 'unknown' OR location.path = ?4"
    " OR substr(location.path, 1, length(?4) + 1) = ?4 || '/')) <> (?4 = 'unknown'))"
    " AND (?5 = '' OR EXISTS (SELECT 1 FROM series_tag AS tagging"
    " WHERE tagging.series_id = series.id AND tagging.tag = ?5 AND tagging.valid_from <= {2}"
    " AND (tagging.valid_to IS NULL OR tagging.valid_to > {2})))"
    " ORDER BY series.id, start";
constexpr const char* kFirst = "iif(count > 0, rollup.first_at, start)";

}  // namespace

base::Result<GroupWindows> read_group(sql::Database& database, const GroupRange& range,
                                      base::Duration stored) {
    auto query = database.walk(fmt::format(fmt::runtime(kRows), window_columns(range.with_sketches),
                                           span_name(stored), kFirst));
    const auto end = engine::window_start(range.to - base::Duration{1}, range.span) + range.span;
    query.bind(range.quantity).bind(engine::window_start(range.from, range.span)).bind(end);
    query.bind(range.location).bind(range.tag);
    GroupWindows group;
    std::set<std::string> units;
    std::int64_t series = 0;
    base::EventTime newest;  // Of the series: the window that was counted last.
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) break;
        if (++group.rows > range.rows_max) return group;
        units.insert(query.string(1));
        const auto start = engine::window_start(query.time(2), range.span);
        auto& window = group.windows[start];
        window.row.add(read_window(query, 3, range.with_sketches));
        const bool is_again = series == query.integer(0) && newest == start && window.series > 0;
        if (!is_again) ++window.series;
        series = query.integer(0);
        newest = start;
    }
    group.units.assign(units.begin(), units.end());
    return group;
}

}  // namespace sinks
