#include "central/sinks/tables/boots.hpp"

#include <fmt/format.h>

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// Records of a boot come in order, so that those of a boot before the last ones are not expected.
constexpr std::uint64_t kBootsOfNodeMax = 16;

std::optional<engine::BootTie> read_tie(const sql::Query& row, int first_column) {
    if (row.is_null(first_column)) return std::nullopt;
    return engine::BootTie{.since_boot = base::Duration{row.integer(first_column)},
                           .utc = row.time(first_column + 1),
                           .error = base::Duration{row.integer(first_column + 2)}};
}

constexpr const char* kBoots =
    "SELECT boot.boot, since_boot, utc, error, unplaced, incarnation, seq FROM boot"
    " LEFT JOIN boot_first AS first ON first.node = boot.node AND first.boot = boot.boot"
    " WHERE boot.node = ?";

engine::BootRow read_boot(const sql::Query& row, const std::string& node) {
    engine::BootRow boot{.node = node,
                         .boot = row.string(0),
                         .tie = read_tie(row, 1),
                         .unplaced = row.count(4),
                         .first = {}};
    if (!row.is_null(5)) boot.first = {read_incarnation(row, 5), row.count(6)};
    return boot;
}

engine::UnplacedLine read_line(const sql::Query& row) {
    return {.id = row.integer(0),
            .node = row.string(1),
            .boot = row.string(2),
            .incarnation = read_incarnation(row, 3),
            .seq = row.count(4),
            .received = row.time(5),
            .line = row.string(6)};
}

}  // namespace

base::Result<std::vector<engine::BootRow>> read_boots(sql::Database& database,
                                                      const std::string& node) {
    std::vector<engine::BootRow> boots;
    auto query = database.query(fmt::format("{} ORDER BY boot.id", kBoots));
    query.bind(node);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return boots;
        boots.push_back(read_boot(query, node));
    }
}

base::Result<std::optional<engine::BootRow>> BootTables::boot(const std::string& node,
                                                              const std::string& boot) {
    auto query = database_.query(fmt::format("{} AND boot.boot = ?", kBoots));
    auto row = query.bind(node).bind(boot).next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::BootRow>{};
    return std::optional{read_boot(query, node)};
}

base::Result<std::vector<engine::UnplacedLine>> BootTables::placeable(std::size_t lines_max) {
    std::vector<engine::UnplacedLine> lines;
    auto query = database_.query(
        "SELECT line.id, line.node, line.boot, line.incarnation, line.seq, line.received,"
        " line.line FROM boot CROSS JOIN unplaced AS line WHERE line.node = boot.node"
        " AND line.boot = boot.boot AND boot.unplaced > 0 AND boot.utc IS NOT NULL"
        " ORDER BY boot.id, line.id LIMIT ?");
    query.bind(std::uint64_t{lines_max});
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return lines;
        lines.push_back(read_line(query));
    }
}

base::Status BootTables::write(const engine::Changes& changes) {
    for (const auto id : changes.placed) {
        if (auto counted = count_placed(id); !counted) return counted;
        auto removed = database_.query("DELETE FROM unplaced WHERE id = ?").bind(id).run();
        if (!removed) return removed;
    }
    for (const auto& line : changes.unplaced) {
        if (auto written = write(line); !written) return written;
    }
    for (const auto& [key, row] : changes.boots) {
        if (auto written = write(row); !written) return written;
        if (auto trimmed = trim(row.node); !trimmed) return trimmed;
    }
    return base::Done{};
}

base::Status BootTables::write(const engine::BootRow& row) {
    auto query = database_.query(
        "INSERT INTO boot (node, boot, since_boot, utc, error, unplaced)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (node, boot) DO UPDATE SET"
        " since_boot = excluded.since_boot, utc = excluded.utc, error = excluded.error,"
        " unplaced = excluded.unplaced");
    query.bind(row.node).bind(row.boot);
    if (row.tie) {
        query.bind(row.tie->since_boot.count()).bind(row.tie->utc).bind(row.tie->error.count());
    } else {
        query.bind_null().bind_null().bind_null();
    }
    if (auto written = query.bind(row.unplaced).run(); !written || !row.first) return written;
    const auto incarnation = wire::to_text(row.first->incarnation);
    auto first = database_.query(
        "INSERT INTO boot_first (node, boot, incarnation, seq) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (node, boot) DO UPDATE SET incarnation = excluded.incarnation,"
        " seq = excluded.seq");
    return first.bind(row.node).bind(row.boot).bind(incarnation).bind(row.first->seq).run();
}

base::Status BootTables::write(const engine::UnplacedLine& line) {
    const auto incarnation = wire::to_text(line.incarnation);
    auto query = database_.query(
        "INSERT INTO unplaced (node, boot, incarnation, seq, received, line)"
        " VALUES (?, ?, ?, ?, ?, ?)");
    query.bind(line.node).bind(line.boot).bind(incarnation).bind(line.seq);
    return query.bind(line.received).bind(line.line).run();
}

base::Status BootTables::count_placed(std::int64_t line) {
    auto query = database_.query(
        "INSERT INTO last_placed (node, boot, started, clock_set, records)"
        " SELECT boot.node, boot.boot, boot.utc - boot.since_boot, boot.utc, 1 FROM unplaced"
        " JOIN boot ON boot.node = unplaced.node AND boot.boot = unplaced.boot"
        " WHERE unplaced.id = ? AND boot.utc IS NOT NULL"
        " ON CONFLICT (node) DO UPDATE SET"
        " records = CASE WHEN last_placed.boot = excluded.boot"
        " THEN last_placed.records + 1 ELSE 1 END,"
        " boot = excluded.boot, started = excluded.started, clock_set = excluded.clock_set"
        " WHERE excluded.started >= last_placed.started");
    return query.bind(line).run();
}

/// The boots next to one that records wait for say between which times these lie.
base::Status BootTables::trim(const std::string& node) {
    auto query = database_.query(
        "DELETE FROM boot WHERE node = ?1 AND unplaced = 0 AND id <= (SELECT id FROM boot"
        " WHERE node = ?1 AND unplaced = 0 ORDER BY id DESC LIMIT 1 OFFSET ?2)"
        " AND NOT EXISTS (SELECT 1 FROM boot AS next WHERE next.node = ?1 AND next.unplaced > 0"
        " AND next.id IN ((SELECT max(id) FROM boot AS o WHERE o.node = ?1 AND o.id < boot.id),"
        " (SELECT min(id) FROM boot AS o WHERE o.node = ?1 AND o.id > boot.id)))");
    const auto trimmed = query.bind(node).bind(kBootsOfNodeMax).run_and_count();
    if (!trimmed) return trimmed.error();
    if (trimmed.value() == 0) return base::Done{};
    auto rest = database_.query(
        "DELETE FROM boot_first WHERE node = ?1 AND boot NOT IN"
        " (SELECT boot FROM boot WHERE node = ?1)");
    return rest.bind(node).run();
}

}  // namespace sinks
