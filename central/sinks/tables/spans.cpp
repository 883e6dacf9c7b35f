#include "central/sinks/tables/spans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "base/log.hpp"
#include "base/settings.hpp"
#include "central/engine/window.hpp"
#include "central/sinks/tables/horizons/horizons.hpp"
#include "central/sinks/tables/rollups.hpp"

namespace sinks {

namespace {

using Spans = std::vector<base::Duration>;

constexpr const char* kTable = R"(
CREATE TABLE IF NOT EXISTS rollup_{0} (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    start INTEGER NOT NULL,
    count INTEGER NOT NULL,
    sum REAL NOT NULL,
    sumsq REAL NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    first REAL NOT NULL,
    last REAL NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    late INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    p50 REAL,
    p90 REAL,
    p99 REAL,
    sketch TEXT,
    state TEXT,
    expected INTEGER,
    quality REAL,
    causes TEXT,
    PRIMARY KEY (series_id, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failed_{0} (
    series_id INTEGER NOT NULL REFERENCES dim_series,
    start INTEGER NOT NULL,
    reason TEXT NOT NULL,
    readings INTEGER NOT NULL,
    PRIMARY KEY (series_id, start, reason)
) WITHOUT ROWID;
)";

constexpr std::string_view kRollup = "rollup_";

constexpr std::array<const char*, 8> kLaterColumns{"p50 REAL",     "p90 REAL",   "p99 REAL",
                                                   "sketch TEXT",  "state TEXT", "expected INTEGER",
                                                   "quality REAL", "causes TEXT"};

bool holds(const Spans& spans, base::Duration span) {
    return std::find(spans.begin(), spans.end(), span) != spans.end();
}

base::Result<std::vector<std::string>> texts(sql::Database& database, const char* sql) {
    std::vector<std::string> found;
    auto query = database.query(sql);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.push_back(query.string(0));
    }
}

base::Status add_later_columns(sql::Database& database, const std::string& table) {
    for (const std::string_view column : kLaterColumns) {
        const auto known = database.has_column(table, column.substr(0, column.find(' ')));
        if (!known) return known.error();
        if (known.value()) continue;
        auto added = database.execute(fmt::format("ALTER TABLE {} ADD COLUMN {}", table, column));
        if (!added) return added;
    }
    return base::Done{};
}

/// The longest of the lengths that windows of `span` can be merged from.
std::optional<base::Duration> source_of(base::Duration span, const Spans& spans) {
    std::optional<base::Duration> longest;
    for (const auto shorter : spans) {
        if (shorter < span && span % shorter == base::Duration::zero()) longest = shorter;
    }
    return longest;
}

/// Merges all windows of the shorter span. Both must be tables of today.
base::Status fill(sql::Database& database, base::Duration shorter, base::Duration span) {
    base::log_info("making windows of another length from those that are there",
                   {{"length", span_name(span)}, {"from", span_name(shorter)}});
    Rollups rollups{database, {shorter, span}};
    auto query =
        database.walk(fmt::format("SELECT series_id, start, {} FROM rollup_{}"
                                  " ORDER BY series_id, start",
                                  window_columns(true), span_name(shorter)));
    std::int64_t series = 0;
    base::EventTime start;
    std::optional<engine::WindowRow> window;
    const auto write = [&]() -> base::Status {
        if (!window) return base::Done{};
        window->revision = 1;
        return rollups.write(span, series, start, *window);
    };
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return write();
        const auto start_of_row = engine::window_start(query.time(1), span);
        if (!window || series != query.integer(0) || start != start_of_row) {
            if (auto written = write(); !written) return written;
            window.emplace();
            series = query.integer(0);
            start = start_of_row;
        }
        auto part = read_window(query, 2);
        if (part.failed > 0) {
            auto whole = rollups.read(shorter, series, query.time(1));
            if (!whole) return whole.error();
            part = whole.value().value_or(part);  // With the reasons.
        }
        window->add(part);
    }
}

/// A table that nobody wrote to for a while is of no use: its last windows may lack readings.
void warn_of_loss(sql::Database& database, base::Duration span, bool has_source) {
    const auto table = "rollup_" + span_name(span);
    const auto known = database.has_column(table, "start");
    if (has_source || !known || !known.value()) return;
    base::log_warn(
        "old windows of a length that was not kept are removed",
        {{"length", span_name(span)}, {"reason", "no shorter ones can make them again"}});
}

/// What is merged from windows that are kept for a time reaches back no further.
base::Status take_horizon(sql::Database& database, base::Duration shorter, base::Duration span) {
    const auto horizon = read_horizon(database, span_name(shorter));
    if (!horizon) return horizon.error();
    if (!horizon.value()) return base::Done{};
    const auto first_whole =
        engine::window_start(*horizon.value() + span - base::Duration{1}, span);
    return raise_horizon(database, span_name(span), first_whole);
}

base::Status note_kept(sql::Database& database, const Spans& spans) {
    std::vector<std::string> names;
    for (const auto span : spans) names.push_back(span_name(span));
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES ('windows', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    const auto text = fmt::format("{}", fmt::join(names, ","));
    return query.bind(text).run();
}

/// "1m,15m"; what is no length is passed over.
Spans parse(std::string_view text) {
    Spans spans;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        if (const auto span = base::parse_duration(text.substr(0, comma))) {
            spans.push_back(span.value());
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    std::sort(spans.begin(), spans.end());
    return spans;
}

}  // namespace

std::string span_name(base::Duration span) {
    struct Unit {
        base::Duration length;
        const char* name;
    };
    constexpr std::array<Unit, 5> kUnits{{{std::chrono::hours{24}, "d"},
                                          {std::chrono::hours{1}, "h"},
                                          {std::chrono::minutes{1}, "m"},
                                          {std::chrono::seconds{1}, "s"},
                                          {std::chrono::milliseconds{1}, "ms"}}};
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
        return span % candidate.length == base::Duration::zero();
    });
    return fmt::format("{}{}", span / unit->length, unit->name);
}

base::Result<std::vector<std::string>> window_tables(sql::Database& database,
                                                     std::string_view prefix) {
    auto all = database.tables();
    if (!all) return all;
    auto tables = std::move(all).value();
    std::erase_if(tables, [&](const auto& table) { return !table.starts_with(prefix); });
    return tables;
}

std::string span_tables(const Spans& spans) {
    std::string text;
    for (const auto span : spans) text += fmt::format(kTable, span_name(span));
    return text;
}

base::Result<Spans> kept_spans(sql::Database& database) {
    const auto noted = texts(database, "SELECT value FROM meta WHERE name = 'windows'");
    if (!noted) return noted.error();
    if (!noted.value().empty()) return parse(noted.value().front());
    // Before lengths were noted, every table was kept.
    const auto tables = window_tables(database, kRollup);
    if (!tables) return tables.error();
    std::string lengths;
    for (const auto& table : tables.value()) lengths += table.substr(kRollup.size()) + ",";
    return parse(lengths);
}

base::Status prepare_spans(sql::Database& database, const Spans& spans) {
    const auto kept = kept_spans(database);
    if (!kept) return kept.error();
    for (const auto span : spans) {
        const auto name = span_name(span);
        const bool is_stale = !holds(kept.value(), span);
        if (is_stale) warn_of_loss(database, span, source_of(span, kept.value()).has_value());
        auto ready = is_stale ? database.execute(fmt::format("DROP TABLE IF EXISTS rollup_{0};"
                                                             "DROP TABLE IF EXISTS failed_{0};"
                                                             "DELETE FROM judging WHERE span = {1}",
                                                             name, span.count()))
                              : add_later_columns(database, "rollup_" + name);
        if (!ready) return ready;
    }
    if (auto made = database.execute(span_tables(spans)); !made) return made;
    for (const auto span : spans) {
        if (holds(kept.value(), span)) continue;
        if (auto cleared = clear_horizon(database, span_name(span)); !cleared) return cleared;
        const auto source = source_of(span, kept.value());
        if (!source) continue;
        const auto columns = add_later_columns(database, "rollup_" + span_name(*source));
        if (!columns) return columns;
        if (auto filled = fill(database, *source, span); !filled) return filled;
        if (auto taken = take_horizon(database, *source, span); !taken) return taken;
    }
    return note_kept(database, spans);
}

}  // namespace sinks
