#include "central/sinks/tables/alerts/alert_tables.hpp"

#include <fmt/format.h>

#include <limits>

namespace sinks {

const char* const kAlertTables = R"(
CREATE TABLE IF NOT EXISTS alert (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    node TEXT NOT NULL,
    series TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    opened INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    closed INTEGER,
    times INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    advice TEXT NOT NULL,
    is_silenced INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS alert_by_node ON alert (node, number);
CREATE INDEX IF NOT EXISTS alert_open ON alert (number) WHERE closed IS NULL;
CREATE INDEX IF NOT EXISTS alert_closed ON alert (closed) WHERE closed IS NOT NULL;
CREATE TABLE IF NOT EXISTS alert_delivery (
    alert_id TEXT NOT NULL REFERENCES alert (id),
    output TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (alert_id, output)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS silence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL,
    series TEXT NOT NULL,
    began INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    reason TEXT NOT NULL
);
DROP VIEW IF EXISTS v_alerts;
CREATE VIEW v_alerts AS
SELECT id, code, node, series, severity, state,
       strftime('%Y-%m-%dT%H:%M:%SZ', opened / 1000, 'unixepoch') AS opened,
       strftime('%Y-%m-%dT%H:%M:%SZ', closed / 1000, 'unixepoch') AS closed,
       times, sentence, advice, is_silenced
FROM alert ORDER BY number DESC;
)";

namespace {

// In this order for read_alert().
constexpr const char* kColumns =
    "number, id, code, node, series, severity, state, opened, updated, closed, times, revision,"
    " sentence, advice, is_silenced";

constexpr const char* kWrite =
    "INSERT INTO alert (id, code, node, series, severity, state, opened, updated, closed, times,"
    " revision, sentence, advice, is_silenced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET code = excluded.code, severity = excluded.severity,"
    " state = excluded.state, updated = excluded.updated, closed = excluded.closed,"
    " times = excluded.times, revision = excluded.revision, sentence = excluded.sentence,"
    " advice = excluded.advice, is_silenced = excluded.is_silenced"
    " WHERE excluded.revision > alert.revision";

constexpr const char* kKept =
    "SELECT {} FROM alert WHERE closed IS NULL OR closed >= ?1 OR EXISTS (SELECT 1 FROM"
    " alert_delivery AS way WHERE way.alert_id = alert.id AND way.revision < alert.revision)"
    " ORDER BY number";

// Through the index of those that hold when only these are asked for.
constexpr const char* kList =
    "SELECT {} FROM alert WHERE number < ?1 AND (?2 = '' OR node = ?2) AND (?3 = '' OR series = ?3)"
    " AND opened < ?5 AND (closed IS NULL OR closed >= ?4){} ORDER BY number DESC LIMIT ?6";

/// A word that only a newer leat knows is read as the most general one.
alerts::Alert read_alert(const sql::Query& row) {
    return {.id = row.string(1),
            .code = row.string(2),
            .node = row.string(3),
            .series = row.string(4),
            .severity = detect::severity_of(row.text(5)).value_or(detect::Severity::warning),
            .state = alerts::state_of(row.text(6)).value_or(alerts::State::open),
            .opened = row.time(7),
            .updated = row.time(8),
            .closed = row.optional_time(9),
            .times = static_cast<std::uint32_t>(row.count(10)),
            .revision = row.count(11),
            .sentence = row.string(12),
            .advice = row.string(13),
            .is_silenced = row.integer(14) != 0};
}

const char* condition_of(const std::optional<bool>& is_open) {
    if (!is_open) return "";
    return *is_open ? " AND closed IS NULL" : " AND closed IS NOT NULL";
}

base::Status read_deliveries(sql::Database& database, const std::string& alert,
                             std::vector<alerts::Delivery>& deliveries) {
    auto query =
        database.query("SELECT output, revision FROM alert_delivery WHERE alert_id = ? ORDER BY 1");
    query.bind(alert);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        deliveries.push_back({query.string(0), {alert, query.count(1)}});
    }
}

}  // namespace

base::Status write_alert(sql::Database& database, const alerts::Alert& alert) {
    auto query = database.query(kWrite);
    query.bind(alert.id).bind(alert.code).bind(alert.node).bind(alert.series);
    query.bind(detect::to_text(alert.severity)).bind(alerts::to_text(alert.state));
    query.bind(alert.opened).bind(alert.updated).bind(alert.closed);
    query.bind(std::uint64_t{alert.times}).bind(alert.revision);
    query.bind(alert.sentence).bind(alert.advice);
    query.bind(std::int64_t{alert.is_silenced ? 1 : 0});
    return query.run();
}

/// What was delivered of an alert that has gone meanwhile is of no use to anyone.
base::Status write_delivery(sql::Database& database, const alerts::Delivery& delivery) {
    auto alert = database.query("SELECT 1 FROM alert WHERE id = ?");
    auto found = alert.bind(delivery.what.id).next();
    if (!found) return found.error();
    if (!found.value()) return base::Done{};
    auto query = database.query(
        "INSERT INTO alert_delivery (alert_id, output, revision) VALUES (?, ?, ?)"
        " ON CONFLICT (alert_id, output) DO UPDATE SET"
        " revision = max(alert_delivery.revision, excluded.revision)");
    return query.bind(delivery.what.id).bind(delivery.output).bind(delivery.what.revision).run();
}

base::Result<std::uint64_t> trim_alerts(sql::Database& database, std::uint64_t ended_max) {
    for (const bool is_first : {true, false}) {
        auto query = database.query(
            is_first ? "DELETE FROM alert_delivery WHERE alert_id IN (SELECT id FROM alert"
                       " WHERE closed IS NOT NULL ORDER BY closed DESC, number DESC"
                       " LIMIT ?2 OFFSET ?1)"
                     : "DELETE FROM alert WHERE number IN (SELECT number FROM alert"
                       " WHERE closed IS NOT NULL ORDER BY closed DESC, number DESC"
                       " LIMIT ?2 OFFSET ?1)");
        const auto no_limit = std::numeric_limits<std::int64_t>::max();
        auto trimmed = query.bind(ended_max).bind(no_limit).run_and_count();
        if (!trimmed || !is_first) return trimmed;
    }
    return std::uint64_t{0};
}

base::Result<alerts::Kept> read_kept(sql::Database& database, base::EventTime since) {
    alerts::Kept kept;
    static const auto kSql = fmt::format(fmt::runtime(kKept), kColumns);
    auto query = database.query(kSql);
    query.bind(since);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) break;
        kept.alerts.push_back(read_alert(query));
    }
    for (const auto& alert : kept.alerts) {
        auto read = read_deliveries(database, alert.id, kept.deliveries);
        if (!read) return read.error();
    }
    return kept;
}

base::Result<std::vector<alerts::Listed>> read_alerts(sql::Database& database,
                                                      const alerts::AlertRange& range) {
    std::vector<alerts::Listed> rows;
    const auto sql = fmt::format(fmt::runtime(kList), kColumns, condition_of(range.is_open));
    auto query = database.query(sql);
    query.bind(range.before.value_or(std::numeric_limits<std::int64_t>::max()));
    query.bind(range.node).bind(range.series).bind(range.from).bind(range.to);
    query.bind(std::uint64_t{range.rows_max});
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back({.number = query.integer(0), .alert = read_alert(query)});
    }
}

base::Result<std::vector<alerts::Silence>> read_silences(sql::Database& database,
                                                         base::EventTime now) {
    std::vector<alerts::Silence> silences;
    auto query = database.query(
        "SELECT id, node, series, began, ends, reason FROM silence WHERE ends > ? ORDER BY id");
    query.bind(now);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return silences;
        silences.push_back({.id = query.integer(0),
                            .node = query.string(1),
                            .series = query.string(2),
                            .from = query.time(3),
                            .to = query.time(4),
                            .reason = query.string(5)});
    }
}

}  // namespace sinks
