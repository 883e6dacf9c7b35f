#include "central/sinks/sqlite_boots.hpp"

#include "central/sinks/sqlite_dimensions.hpp"

namespace sinks {

namespace {

// Records of a boot come in order, so that those of a boot before the last ones are not expected.
constexpr std::uint64_t kBootsOfNodeMax = 16;

base::Status done(base::Result<std::uint64_t> changed) {
    if (!changed) return changed.error();
    return base::Done{};
}

std::optional<engine::BootTie> read_tie(const Statement& row, int first_column) {
    if (row.is_null(first_column)) return std::nullopt;
    return engine::BootTie{.since_boot = base::Duration{row.integer(first_column)},
                           .utc = row.time(first_column + 1),
                           .error = base::Duration{row.integer(first_column + 2)}};
}

}  // namespace

base::Result<BootTables> BootTables::prepare(Database& database) {
    BootTables made;
    auto prepared = prepare_all(
        database,
        {{made.read_boot_,
          "SELECT since_boot, utc, error, unplaced FROM boot WHERE node = ? AND boot = ?"},
         {made.write_boot_,
          "INSERT INTO boot (node, boot, since_boot, utc, error, unplaced)"
          " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (node, boot) DO UPDATE SET"
          " since_boot = excluded.since_boot, utc = excluded.utc, error = excluded.error,"
          " unplaced = excluded.unplaced"},
         {made.trim_boots_,
          "DELETE FROM boot WHERE node = ?1 AND unplaced = 0 AND id <= (SELECT id FROM boot"
          " WHERE node = ?1 AND unplaced = 0 ORDER BY id DESC LIMIT 1 OFFSET ?2)"},
         {made.read_lines_,
          "SELECT line.id, line.node, line.boot, line.incarnation, line.seq, line.received,"
          " line.line FROM boot CROSS JOIN unplaced AS line ON line.node = boot.node"
          " AND line.boot = boot.boot WHERE boot.unplaced > 0 AND boot.utc IS NOT NULL"
          " ORDER BY boot.id, line.id LIMIT ?"},
         {made.write_line_,
          "INSERT INTO unplaced (node, boot, incarnation, seq, received, line)"
          " VALUES (?, ?, ?, ?, ?, ?)"},
         {made.remove_line_, "DELETE FROM unplaced WHERE id = ?"}});
    if (!prepared) return prepared.error();
    return made;
}

base::Result<std::optional<engine::BootRow>> BootTables::boot(const std::string& node,
                                                              const std::string& boot) {
    auto row = read_boot_.begin().bind(node).bind(boot).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<engine::BootRow>{};
    std::optional found{engine::BootRow{.node = node,
                                        .boot = boot,
                                        .tie = read_tie(read_boot_, 0),
                                        .unplaced = read_boot_.count(3)}};
    read_boot_.begin();
    return found;
}

base::Result<std::vector<engine::UnplacedLine>> BootTables::placeable(std::size_t lines_max) {
    std::vector<engine::UnplacedLine> lines;
    read_lines_.begin().bind(std::uint64_t{lines_max});
    for (;;) {
        auto row = read_lines_.step();
        if (!row) return row.error();
        if (!row.value()) return lines;
        lines.push_back(
            {.id = read_lines_.integer(0),
             .node = read_lines_.text(1),
             .boot = read_lines_.text(2),
             .incarnation =
                 wire::parse_incarnation(read_lines_.text(3)).value_or(wire::Incarnation{}),
             .seq = read_lines_.count(4),
             .received = read_lines_.time(5),
             .line = read_lines_.text(6)});
    }
}

base::Status BootTables::write(const engine::Changes& changes) {
    for (const auto id : changes.placed) {
        if (auto removed = done(remove_line_.begin().bind(id).run()); !removed) return removed;
    }
    for (const auto& line : changes.unplaced) {
        if (auto written = write(line); !written) return written;
    }
    for (const auto& [key, row] : changes.boots) {
        if (auto written = write(row); !written) return written;
        auto trimmed = done(trim_boots_.begin().bind(row.node).bind(kBootsOfNodeMax).run());
        if (!trimmed) return trimmed;
    }
    return base::Done{};
}

base::Status BootTables::write(const engine::BootRow& row) {
    write_boot_.begin().bind(row.node).bind(row.boot);
    if (row.tie) {
        write_boot_.bind(row.tie->since_boot.count()).bind(row.tie->utc);
        write_boot_.bind(row.tie->error.count());
    } else {
        write_boot_.bind_null().bind_null().bind_null();
    }
    return done(write_boot_.bind(row.unplaced).run());
}

base::Status BootTables::write(const engine::UnplacedLine& line) {
    const auto incarnation = wire::to_text(line.incarnation);
    write_line_.begin().bind(line.node).bind(line.boot).bind(incarnation).bind(line.seq);
    return done(write_line_.bind(line.received).bind(line.line).run());
}

}  // namespace sinks
