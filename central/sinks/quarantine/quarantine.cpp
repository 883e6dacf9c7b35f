#include "central/sinks/quarantine/quarantine.hpp"

#include <algorithm>

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// A reason is "series_limit: b.c: the node has too many series". A line without parts never counts
// later: it is a conflict, or of an older leat, which did not note them.
constexpr const char* kRefused =
    "SELECT id, node, incarnation, seq, received, line,"
    " substr(reason, 1, instr(reason, ':') - 1) FROM quarantine WHERE id > ?"
    " AND EXISTS (SELECT 1 FROM quarantine_part WHERE quarantine_id = id) ORDER BY id LIMIT ?";

engine::RefusedLine read_line(const sql::Query& row) {
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
        auto parts = read_parts(database_, line.id);
        if (!parts) return parts.error();
        line.parts = std::move(parts).value();
    }
    return lines;
}

base::Result<std::map<std::string, std::uint64_t>> Quarantine::write(
    const engine::Changes& changes) {
    std::map<std::string, std::uint64_t> dropped;
    if (changes.retaken.empty() && changes.quarantined.empty()) return dropped;
    if (auto counted = count(); !counted) return counted.error();
    for (const auto id : changes.retaken) {
        if (auto removed = remove(id); !removed) return removed.error();
    }
    for (const auto& line : changes.quarantined) {
        if (auto written = write(line); !written) return written.error();
    }
    dropped = surplus();
    for (const auto& [reason, lines] : dropped) {
        if (auto trimmed = trim(reason, lines); !trimmed) return trimmed.error();
    }
    return dropped;
}

base::Status Quarantine::write(const engine::Quarantined& line) {
    const auto incarnation = wire::to_text(line.incarnation);
    auto query = database_.query(
        "INSERT INTO quarantine (node, incarnation, seq, reason, received, line)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
    query.bind(line.node).bind(incarnation).bind(line.seq).bind(line.reason);
    const auto id = returned_id(query.bind(line.received).bind(line.line));
    if (!id) return id.error();
    ++counts_[line.reason.substr(0, line.reason.find(':'))];
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
    auto parts = database_.query("DELETE FROM quarantine_part WHERE quarantine_id = ?");
    if (auto removed = parts.bind(id).run(); !removed) return removed;
    auto line = database_.query(
        "DELETE FROM quarantine WHERE id = ? RETURNING"
        " substr(reason, 1, instr(reason, ':') - 1)");
    const auto row = line.bind(id).next();
    if (!row) return row.error();
    if (row.value()) --counts_[line.string(0)];
    return line.run();
}

base::Status Quarantine::count() {
    if (is_counted_) return base::Done{};
    auto query = database_.query(
        "SELECT substr(reason, 1, instr(reason, ':') - 1), count(*) FROM quarantine GROUP BY 1");
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) break;
        counts_[query.string(0)] = query.count(1);
    }
    is_counted_ = true;
    return base::Done{};
}

/// How many lines must go, by reason: each time one of the reason that has most.
std::map<std::string, std::uint64_t> Quarantine::surplus() {
    std::map<std::string, std::uint64_t> surplus;
    std::uint64_t lines = 0;
    for (const auto& [reason, count] : counts_) lines += count;
    for (; lines > lines_max_; --lines) {
        const auto most =
            std::max_element(counts_.begin(), counts_.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        --most->second;
        ++surplus[most->first];
    }
    return surplus;
}

base::Status Quarantine::trim(const std::string& reason, std::uint64_t lines) {
    for (const auto* sql :
         {"DELETE FROM quarantine_part WHERE quarantine_id IN (SELECT id FROM quarantine"
          " WHERE substr(reason, 1, instr(reason, ':') - 1) = ? ORDER BY id LIMIT ?)",
          "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine"
          " WHERE substr(reason, 1, instr(reason, ':') - 1) = ? ORDER BY id LIMIT ?)"}) {
        auto query = database_.query(sql);
        if (auto trimmed = query.bind(reason).bind(lines).run(); !trimmed) return trimmed;
    }
    return base::Done{};
}

base::Result<std::uint64_t> Quarantine::drop(const QuarantineSelection& which) {
    is_counted_ = false;
    counts_.clear();
    return drop_from_quarantine(database_, which);
}

}  // namespace sinks
