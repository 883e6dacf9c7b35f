#include "central/sinks/tables/findings.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "central/sinks/tables/spans.hpp"

namespace sinks {

const char* const kFindingTables = R"(
CREATE TABLE IF NOT EXISTS finding (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    series_id INTEGER NOT NULL REFERENCES dim_series,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    began INTEGER NOT NULL,
    held INTEGER NOT NULL,
    ended INTEGER,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    score REAL NOT NULL,
    times INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    parameters TEXT NOT NULL,
    UNIQUE (series_id, code, began)
);
CREATE INDEX IF NOT EXISTS finding_by_series ON finding (series_id, began);
CREATE INDEX IF NOT EXISTS finding_open ON finding (id) WHERE ended IS NULL;
CREATE INDEX IF NOT EXISTS finding_open_of_series ON finding (series_id, began)
    WHERE ended IS NULL;
CREATE TABLE IF NOT EXISTS watch_state (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series,
    state BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS watch_habits (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series,
    habits BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS drift_state (
    series_id INTEGER PRIMARY KEY REFERENCES dim_series,
    site TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    place TEXT NOT NULL,
    state BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS drift_by_kind ON drift_state (site, quantity, unit);
CREATE TABLE IF NOT EXISTS drift_judged (
    site TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    judged INTEGER NOT NULL,
    PRIMARY KEY (site, quantity, unit)
) WITHOUT ROWID;
DROP VIEW IF EXISTS v_findings;
CREATE VIEW v_findings AS
SELECT node.name AS node, series.name AS series, finding.code AS code,
       finding.severity AS severity,
       strftime('%Y-%m-%dT%H:%M:%SZ', finding.began / 1000, 'unixepoch') AS began,
       strftime('%Y-%m-%dT%H:%M:%SZ', finding.ended / 1000, 'unixepoch') AS ended,
       finding.value AS value, finding.score AS score, finding.sentence AS sentence
FROM finding
JOIN dim_series AS series ON series.id = finding.series_id
JOIN dim_node AS node ON node.id = series.node_id
ORDER BY finding.began DESC;
)";

const char* const kFindingColumns =
    "finding.code, finding.severity, finding.began, finding.held, finding.ended, finding.at,"
    " finding.value, finding.score, finding.times, finding.sentence, finding.parameters";

namespace {

std::string parameters_text(const detect::Finding& finding) {
    base::JsonWriter json;
    json.begin_object();
    for (const auto& [name, value] : finding.parameters) json.member(name, value);
    json.end_object();
    return json.take();
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

}  // namespace

/// A code that only a newer leat knows is read as the most general one.
detect::Finding read_finding(const sql::Query& row, int first_column) {
    const int c = first_column;
    detect::Finding finding;
    finding.code = detect::code_of(row.text(c)).value_or(detect::Code::odd);
    finding.severity = detect::severity_of(row.text(c + 1)).value_or(detect::Severity::warning);
    finding.from = row.time(c + 2);
    finding.to = row.time(c + 3);
    finding.ended = row.optional_time(c + 4);
    finding.at = row.time(c + 5);
    finding.value = row.number(c + 6);
    finding.score = row.number(c + 7);
    finding.times = static_cast<std::uint32_t>(row.count(c + 8));
    finding.sentence = row.string(c + 9);
    if (const auto json = base::parse_json(row.text(c + 10))) {
        for (const auto& [name, value] : json.value().object) {
            finding.parameters.emplace_back(name, value.number);
        }
    }
    return finding;
}

base::Result<std::optional<detect::Saved>> Findings::watch(const std::string& node,
                                                           const std::string& series) {
    using Found = std::optional<detect::Saved>;
    const auto id = dimensions_.series_id(node, series);
    if (!id) return id.error();
    if (!id.value()) return Found{};
    auto query = database_.query(
        "SELECT state, habits FROM watch_state LEFT JOIN watch_habits USING (series_id)"
        " WHERE series_id = ?");
    const auto row = query.bind(*id.value()).next();
    if (!row) return row.error();
    if (!row.value()) return Found{};
    detect::Saved saved{.state = text_of(query.bytes(0)), .habits = {}};
    if (!query.is_null(1)) saved.habits = text_of(query.bytes(1));
    return Found{std::move(saved)};
}

base::Result<std::vector<engine::OpenWindow>> Findings::open_windows(const std::string& node,
                                                                     base::Duration span,
                                                                     base::EventTime from,
                                                                     std::size_t starts_max) {
    const auto known = series_of(node);
    if (!known) return known.error();
    std::vector<engine::OpenWindow> windows;
    // One statement for all would let a server look at the windows of every node first.
    for (const auto& [name, id] : known.value()) {
        auto query = database_.query(
            fmt::format("SELECT start FROM rollup_{} WHERE series_id = ? AND start >= ?"
                        " ORDER BY start LIMIT ?",
                        span_name(span)));
        query.bind(id).bind(from).bind(std::uint64_t{starts_max});
        for (;;) {
            const auto row = query.next();
            if (!row) return row.error();
            if (!row.value()) break;
            windows.push_back({.series = name, .start = query.time(0)});
        }
    }
    return windows;
}

base::Result<std::map<std::string, std::int64_t>> Findings::series_of(const std::string& node) {
    auto query = database_.query(
        "SELECT name, id FROM dim_series"
        " WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)");
    query.bind(node);
    std::map<std::string, std::int64_t> series;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return series;
        series.emplace(query.string(0), query.integer(1));
    }
}

base::Result<std::int64_t> Findings::id_of(const std::string& node, const std::string& series) {
    const auto id = dimensions_.series_id(node, series);
    if (!id) return id.error();
    ENSURE(id.value());
    return *id.value();
}

base::Result<std::uint64_t> Findings::write(const engine::Changes& changes) {
    for (const auto& [name, saved] : changes.watches) {
        const auto id = id_of(name.first, name.second);
        if (!id) return id.error();
        if (auto written = write(id.value(), saved); !written) return written.error();
    }
    for (const auto& [key, finding] : changes.findings) {
        const auto id = id_of(key.node, key.series);
        if (!id) return id.error();
        if (auto written = write(id.value(), finding); !written) return written.error();
    }
    return changes.findings.empty() ? base::Result<std::uint64_t>{0} : trim();
}

base::Status Findings::write(std::int64_t series, const detect::Saved& saved) {
    auto state = database_.batch(
        "INSERT INTO watch_state (series_id, state) VALUES (?, ?)"
        " ON CONFLICT (series_id) DO UPDATE SET state = excluded.state");
    if (auto written = state.bind(series).bind(bytes_of(saved.state)).run(); !written) {
        return written;
    }
    if (!saved.habits) return base::Done{};
    auto habits = database_.batch(
        "INSERT INTO watch_habits (series_id, habits) VALUES (?, ?)"
        " ON CONFLICT (series_id) DO UPDATE SET habits = excluded.habits");
    return habits.bind(series).bind(bytes_of(*saved.habits)).run();
}

base::Status Findings::write(std::int64_t series, const detect::Finding& finding) {
    const auto parameters = parameters_text(finding);
    auto query = database_.query(
        "INSERT INTO finding (series_id, code, began, severity, held, ended, at, value, score,"
        " times, sentence, parameters) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (series_id, code, began) DO UPDATE SET severity = excluded.severity,"
        " held = excluded.held, ended = excluded.ended, at = excluded.at, value = excluded.value,"
        " score = excluded.score, times = excluded.times, sentence = excluded.sentence,"
        " parameters = excluded.parameters");
    query.bind(series).bind(detect::to_text(finding.code)).bind(finding.from);
    query.bind(detect::to_text(finding.severity)).bind(finding.to).bind(finding.ended);
    query.bind(finding.at).bind(finding.value).bind(finding.score);
    query.bind(std::uint64_t{finding.times}).bind(finding.sentence).bind(parameters);
    return query.run();
}

base::Result<std::uint64_t> Findings::trim() {
    auto query = database_.query(
        "DELETE FROM finding WHERE ended IS NOT NULL AND id <= (SELECT id FROM finding"
        " ORDER BY id DESC LIMIT 1 OFFSET ?)");
    return query.bind(findings_max_).run_and_count();
}

}  // namespace sinks
