#include "central/sinks/tables/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "base/random.hpp"
#include "central/sinks/access/division.hpp"
#include "central/sinks/access/made_mark.hpp"
#include "central/sinks/access/schema_mark.hpp"
#include "central/sinks/access/spelling.hpp"
#include "central/sinks/tables/alerts/alert_tables.hpp"
#include "central/sinks/tables/findings.hpp"
#include "central/sinks/tables/jobs/job_tables.hpp"
#include "central/sinks/tables/overviews/overviews.hpp"
#include "central/sinks/tables/readings/reading_schema.hpp"
#include "central/sinks/tables/schema_check.hpp"
#include "central/sinks/tables/situations.hpp"
#include "central/sinks/tables/spans.hpp"
#include "central/sinks/tables/stretches.hpp"
#include "sql/transaction.hpp"
#include "wire/identity.hpp"

namespace sinks {

namespace {

// Times are milliseconds since 1970 UTC. Incarnations are 16 hexadecimal digits, as on the wire.
// Views are made again at every start, as an older leat may have made them otherwise.
constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS dim_node (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    newest INTEGER,
    clock TEXT NOT NULL,
    lost_records INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS dim_series (
    id INTEGER PRIMARY KEY,
    node_id INTEGER NOT NULL REFERENCES dim_node,
    name TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    driver TEXT NOT NULL,
    least REAL,
    most REAL,
    resolution REAL,
    period INTEGER,
    first_at INTEGER,
    last_at INTEGER,
    last_value REAL NOT NULL,
    readings INTEGER NOT NULL,
    UNIQUE (node_id, name)
);
CREATE TABLE IF NOT EXISTS series_ahead (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    readings INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS series_between (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series
);
CREATE TABLE IF NOT EXISTS series_period (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    since INTEGER NOT NULL,
    period INTEGER,
    also_between INTEGER NOT NULL,
    PRIMARY KEY (series_id, since)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dim_location (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    parent_id INTEGER REFERENCES dim_location
);
CREATE INDEX IF NOT EXISTS location_by_parent ON dim_location (parent_id);
CREATE TABLE IF NOT EXISTS dim_tag (
    id INTEGER PRIMARY KEY,
    tag TEXT NOT NULL,
    path TEXT NOT NULL,
    description TEXT NOT NULL,
    integrity TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    UNIQUE (tag, valid_from)
);
CREATE TABLE IF NOT EXISTS statement (
    node TEXT NOT NULL,
    series TEXT NOT NULL,
    is_imported INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    location TEXT,
    tags TEXT,
    PRIMARY KEY (node, series, is_imported, valid_from)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series_location (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    location_id INTEGER NOT NULL REFERENCES dim_location,
    PRIMARY KEY (series_id, valid_from)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS series_by_location ON series_location (location_id);
CREATE TABLE IF NOT EXISTS series_tag (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    tag TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    PRIMARY KEY (series_id, tag, valid_from)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS series_by_tag ON series_tag (tag);
CREATE TABLE IF NOT EXISTS gap (
    id INTEGER PRIMARY KEY,
    node_id INTEGER NOT NULL REFERENCES dim_node,
    incarnation TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    readings INTEGER,
    first_at INTEGER,
    last_at INTEGER
);
CREATE INDEX IF NOT EXISTS gap_by_node ON gap (node_id, id);
CREATE INDEX IF NOT EXISTS gap_by_end ON gap (node_id, last_at);
CREATE INDEX IF NOT EXISTS gap_lost ON gap (node_id, incarnation, to_seq) WHERE reason = 'lost';
CREATE INDEX IF NOT EXISTS gap_evicted ON gap (node_id, incarnation, to_seq)
    WHERE reason = 'evicted';
CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    received INTEGER NOT NULL,
    line BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS quarantine_by_node ON quarantine (node, id);
CREATE INDEX IF NOT EXISTS quarantine_by_reason
    ON quarantine (substr(reason, 1, instr(reason, ':') - 1), id);
CREATE TABLE IF NOT EXISTS quarantine_part (
    quarantine_id INTEGER NOT NULL REFERENCES quarantine,
    position INTEGER NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (quarantine_id, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS boot (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL,
    boot TEXT NOT NULL,
    since_boot INTEGER,
    utc INTEGER,
    error INTEGER,
    unplaced INTEGER NOT NULL,
    UNIQUE (node, boot)
);
CREATE TABLE IF NOT EXISTS boot_first (
    node TEXT NOT NULL,
    boot TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (node, boot)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS boot_placeable ON boot (id) WHERE unplaced > 0 AND utc IS NOT NULL;
CREATE TABLE IF NOT EXISTS unplaced (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL,
    boot TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    received INTEGER NOT NULL,
    line BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS last_placed (
    node TEXT PRIMARY KEY,
    boot TEXT NOT NULL,
    started INTEGER NOT NULL,
    clock_set INTEGER NOT NULL,
    records INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unplaced_by_boot ON unplaced (node, boot, id);
CREATE TABLE IF NOT EXISTS judging (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    span INTEGER NOT NULL,
    judged_to INTEGER NOT NULL,
    again_from INTEGER,
    again_to INTEGER,
    PRIMARY KEY (series_id, span)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partition (
    p INTEGER PRIMARY KEY,
    cursor TEXT NOT NULL,
    lineage TEXT NOT NULL,
    fence INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS mark (
    id INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (node, incarnation)
);
CREATE TABLE IF NOT EXISTS applied_hash (
    mark_id INTEGER NOT NULL REFERENCES mark,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (mark_id, seq, hash)
) WITHOUT ROWID;
DROP VIEW IF EXISTS v_readings_ahead;
CREATE VIEW v_readings_ahead AS
SELECT node.name AS node, series.name AS series, ahead.value AS value, series.unit AS unit,
       strftime('%Y-%m-%dT%H:%M:%SZ', ahead.at / 1000, 'unixepoch') AS time,
       ahead.readings AS readings
FROM series_ahead AS ahead
JOIN dim_series AS series ON series.id = ahead.series_id
JOIN dim_node AS node ON node.id = series.node_id
ORDER BY node.name, series.name;
)";

constexpr const char* kLatestView = R"(
DROP VIEW IF EXISTS v_latest_readings;
CREATE VIEW v_latest_readings AS
SELECT node.name AS node, series.name AS series, series.last_value AS value, series.unit AS unit,
       strftime('%Y-%m-%dT%H:%M:%SZ', series.last_at / 1000, 'unixepoch') AS time,
       series.quantity AS quantity, series.readings AS readings, {} AS location
FROM dim_series AS series JOIN dim_node AS node ON node.id = series.node_id
WHERE series.last_at IS NOT NULL
ORDER BY node.name, series.name;
)";

constexpr base::Duration kHour = std::chrono::hours{1};
constexpr base::Duration kDay = std::chrono::hours{24};

base::Status make_identity(sql::Database& database) {
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES ('identity', ?) ON CONFLICT DO NOTHING");
    const auto identity = fmt::format("{:016x}{:016x}", base::entropy(), base::entropy());
    return query.bind(identity).run();
}

/// Views with names and times for people.
std::string views_of(const std::vector<base::Duration>& spans) {
    std::string views = situation_views();
    views += fmt::format(fmt::runtime(kLatestView), location_at("series.id", "series.last_at"));
    for (const auto& [name, unit, span] :
         {std::tuple{"hourly", "hour", kHour}, std::tuple{"daily", "day", kDay}}) {
        views +=
            fmt::format("DROP VIEW IF EXISTS v_{0}; DROP VIEW IF EXISTS v_{0}_by_location;", name);
        if (std::find(spans.begin(), spans.end(), span) == spans.end()) continue;
        views += window_views({.name = name, .unit = unit, .span = span_name(span)});
    }
    const bool has_days = std::find(spans.begin(), spans.end(), kDay) != spans.end();
    return views + overview_views(has_days);
}

std::string tables_of(const std::vector<base::Duration>& spans) {
    return std::string{kTables} + kFindingTables + kStretchTables + kAlertTables +
           reading_tables(Division::none) + kJobTables + span_tables(spans);
}

/// Of all that make_tables() makes.
std::string digest_of(const std::vector<base::Duration>& spans) {
    const auto all = tables_of(spans) + reading_tables(Division::months) +
                     reading_tables(Division::chunks) + views_of(spans) + made_beside();
    return fmt::format("{} {:016x}", kSchemaVersion, wire::fnv1a64(all));
}

/// All that is not there yet, or brings it up to date.
base::Status make_tables(sql::Database& database, const std::vector<base::Duration>& spans,
                         const Spelling& spelling) {
    const auto division = division_of(database);
    if (!division) return division.error();
    const auto readings = reading_tables(division.value());
    for (const auto* tables :
         {kTables, kFindingTables, kStretchTables, kAlertTables, readings.c_str(), kJobTables}) {
        if (auto made = database.execute(spelling(tables)); !made) return made;
    }
    if (auto named = make_identity(database); !named) return named;
    if (auto made = prepare_spans(database, spans); !made) return made;
    if (auto made = database.execute(spelling(views_of(spans))); !made) return made;
    if (auto set = set_storage(database); !set) return set;
    if (auto marked = mark_schema(database); !marked) return marked;
    return note_made(database, digest_of(spans));
}

/// After an error in a transaction PostgreSQL answers nothing more in it.
bool is_broken(const sql::Database& database) {
    return database.dialect() == sql::Dialect::postgres;
}

}  // namespace

base::Status check_schema(sql::Database& database) {
    const auto version = schema_version(database);
    if (!version) return version.error();
    if (version.value() > kSchemaVersion) {
        return refusal(database,
                       fmt::format("the database has version {}, this leat knows up to {}",
                                   version.value(), kSchemaVersion));
    }
    return base::Done{};
}

base::Status check_current(sql::Database& database) {
    if (auto checked = check_schema(database); !checked) return checked;
    const auto version = schema_version(database);
    if (!version) return version.error();
    if (version.value() == kSchemaVersion) return base::Done{};
    return refusal(database, version.value() == 0
                                 ? "the database has no tables yet. Start leat-central once"
                                 : "the database is of an older leat. Start this leat-central "
                                   "once");
}

base::Result<std::unique_ptr<sql::Database>> open_current(const Address& address) {
    auto opened = open_database(address, false);
    if (!opened) return opened;
    auto database = std::move(opened).value();
    if (auto checked = check_current(*database); !checked) return checked.error();
    return database;
}

base::Status prepare_schema(sql::Database& database, const std::vector<base::Duration>& spans) {
    if (auto checked = check_schema(database); !checked) return checked;
    const auto before = begin_writing(database);
    if (!before) return before.error();
    const auto version = schema_version(database);
    if (!version) return version.error();
    if (version.value() == kSchemaVersion) {
        const auto made = is_made(database, digest_of(spans));
        if (!made) return made.error();
        if (made.value()) return check_tables(database, tables_of(spans));
    }
    // From the beginning, so that half a schema is never seen: all of it or nothing.
    sql::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun();
    const bool is_current = version.value() == kSchemaVersion;
    auto made = make_functions(database);
    if (made) made = make_tables(database, spans, Spelling{database.dialect(), is_current});
    if (!made && is_broken(database)) return made;
    const bool is_odd = !made && made.error().fault == base::Fault::transient && before.value() > 0;
    if (!made && !is_odd) return explained(made.error());
    // What cannot be made may be there already, but changed.
    if (auto checked = check_tables(database, tables_of(spans)); !checked) return checked;
    if (!made) return made;
    return transaction.commit();
}

base::Result<std::string> read_identity(sql::Database& database) {
    auto query = database.query("SELECT value FROM meta WHERE name = 'identity'");
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return refusal(database, "it has lost its identity (table meta)");
    return query.string(0);
}

}  // namespace sinks
