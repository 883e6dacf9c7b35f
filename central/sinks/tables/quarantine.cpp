#include "central/sinks/tables/quarantine.hpp"

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// A reason is "series_limit: b.c: the node has too many series". A line without parts never counts
// later: it is a conflict, or of an older leat, which did not note them.
constexpr const char* kRefused =
    "SELECT id, node, incarnation, seq, received, line,"
    " substr(reason, 1, instr(reason, ':') - 1) FROM quarantine WHERE id > ?"
    " AND EXISTS (SELECT 1 FROM quarantine_part WHERE quarantine_id = id) ORDER BY id LIMIT ?";

engine::RefusedLine read_line(const sqlite::Query& row) {
    return {.id = row.integer(0),
            .node = row.string(1),
            .incarnation = read_incarnation(row, 2),
            .seq = row.count(3),
            .received = row.time(4),
            .line = row.string(5),
            .kind = row.string(6),
            .parts = {}};
}

}  // namespace

base::Result<std::vector<engine::RefusedLine>> Quarantine::refused(std::int64_t after,
                                                                   std::size_t lines_max) {
    std::vector<engine::RefusedLine> lines;
    auto query = database_.query(kRefused);
    query.bind(after).bind(std::uint64_t{lines_max});
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) break;
        lines.push_back(read_line(query));
    }
    for (auto& line : lines) {
        if (auto read = read_parts(line); !read) return read.error();
    }
    return lines;
}

base::Status Quarantine::read_parts(engine::RefusedLine& line) {
    auto query = database_.query(
        "SELECT part FROM quarantine_part WHERE quarantine_id = ? ORDER BY position");
    query.bind(line.id);
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        line.parts.push_back(query.string(0));
    }
}

base::Result<std::uint64_t> Quarantine::write(const engine::Changes& changes) {
    for (const auto id : changes.retaken) {
        if (auto removed = remove(id); !removed) return removed.error();
    }
    for (const auto& line : changes.quarantined) {
        if (auto written = write(line); !written) return written.error();
    }
    return changes.quarantined.empty() ? std::uint64_t{0} : trim();
}

base::Status Quarantine::write(const engine::Quarantined& line) {
    const auto incarnation = wire::to_text(line.incarnation);
    auto query = database_.query(
        "INSERT INTO quarantine (node, incarnation, seq, reason, received, line)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
    query.bind(line.node).bind(incarnation).bind(line.seq).bind(line.reason);
    const auto id = returned_id(query.bind(line.received).bind(line.line));
    if (!id) return id.error();
    std::uint64_t position = 0;
    for (const auto& part : line.parts) {
        auto insert = database_.query(
            "INSERT INTO quarantine_part (quarantine_id, position, part) VALUES (?, ?, ?)");
        auto written = insert.bind(id.value()).bind(position++).bind(part).run();
        if (!written) return written;
    }
    return base::Done{};
}

base::Status Quarantine::remove(std::int64_t id) {
    for (const auto* sql : {"DELETE FROM quarantine_part WHERE quarantine_id = ?",
                            "DELETE FROM quarantine WHERE id = ?"}) {
        if (auto removed = database_.query(sql).bind(id).run(); !removed) return removed;
    }
    return base::Done{};
}

base::Result<std::uint64_t> Quarantine::trim() {
    auto parts = database_.query(
        "DELETE FROM quarantine_part WHERE quarantine_id <="
        " (SELECT max(id) FROM quarantine) - ?");
    if (auto trimmed = parts.bind(lines_max_).run(); !trimmed) return trimmed.error();
    auto lines =
        database_.query("DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?");
    return lines.bind(lines_max_).run_and_count();
}

}  // namespace sinks
