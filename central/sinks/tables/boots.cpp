#include "central/sinks/tables/boots.hpp"

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// Records of a boot come in order, so that those of a boot before the last ones are not expected.
constexpr std::uint64_t kBootsOfNodeMax = 16;

std::optional<engine::BootTie> read_tie(const sqlite::Query& row, int first_column) {
    if (row.is_null(first_column)) return std::nullopt;
    return engine::BootTie{.since_boot = base::Duration{row.integer(first_column)},
                           .utc = row.time(first_column + 1),
                           .error = base::Duration{row.integer(first_column + 2)}};
}

engine::UnplacedLine read_line(const sqlite::Query& row) {
    return {.id = row.integer(0),
            .node = row.string(1),
            .boot = row.string(2),
            .incarnation = read_incarnation(row, 3),
            .seq = row.count(4),
            .received = row.time(5),
            .line = row.string(6)};
}

}  // namespace

base::Result<std::optional<engine::BootRow>> BootTables::boot(const std::string& node,
                                                              const std::string& boot) {
    auto query = database_.query(
        "SELECT since_boot, utc, error, unplaced FROM boot WHERE node = ? AND boot = ?");
    auto row = query.bind(node).bind(boot).next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::BootRow>{};
    return std::optional{engine::BootRow{
        .node = node, .boot = boot, .tie = read_tie(query, 0), .unplaced = query.count(3)}};
}

base::Result<std::vector<engine::UnplacedLine>> BootTables::placeable(std::size_t lines_max) {
    std::vector<engine::UnplacedLine> lines;
    auto query = database_.query(
        "SELECT line.id, line.node, line.boot, line.incarnation, line.seq, line.received,"
        " line.line FROM boot CROSS JOIN unplaced AS line ON line.node = boot.node"
        " AND line.boot = boot.boot WHERE boot.unplaced > 0 AND boot.utc IS NOT NULL"
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
    return query.bind(row.unplaced).run();
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
        " records = CASE WHEN boot = excluded.boot THEN records + 1 ELSE 1 END,"
        " boot = excluded.boot, started = excluded.started, clock_set = excluded.clock_set"
        " WHERE excluded.started >= started");
    return query.bind(line).run();
}

base::Status BootTables::trim(const std::string& node) {
    auto query = database_.query(
        "DELETE FROM boot WHERE node = ?1 AND unplaced = 0 AND id <= (SELECT id FROM boot"
        " WHERE node = ?1 AND unplaced = 0 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    return query.bind(node).bind(kBootsOfNodeMax).run();
}

}  // namespace sinks
