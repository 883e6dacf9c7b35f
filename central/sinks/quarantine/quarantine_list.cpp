#include "central/sinks/quarantine/quarantine_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

// A reason is "series_limit: b.c: the node has too many series".
constexpr const char* kMeant =
    "(?1 = 0 OR id = ?1) AND (?2 = '' OR node = ?2)"
    " AND (?3 = '' OR substr(reason, 1, instr(reason, ':') - 1) = ?3)";

/// One after the other; 0 stands for every line.
std::vector<std::int64_t> ids_of(const QuarantineSelection& which) {
    auto ids = which.ids;
    if (ids.empty()) ids.push_back(0);
    std::sort(ids.begin(), ids.end(), std::greater<>{});
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

sql::Query& bind(sql::Query& query, std::int64_t id, const QuarantineSelection& which) {
    return query.bind(id).bind(std::string_view{which.node}).bind(std::string_view{which.reason});
}

QuarantinedLine read_line(const sql::Query& row) {
    return {.id = row.integer(0),
            .line = {.node = row.string(1),
                     .incarnation = read_incarnation(row, 2),
                     .seq = row.count(3),
                     .line = row.string(4),
                     .reason = row.string(5),
                     .received = row.time(6),
                     .parts = {}}};
}

base::Status list(sql::Database& database, const QuarantineSelection& which, std::int64_t id,
                  std::size_t lines_max, std::vector<QuarantinedLine>& lines) {
    const auto sql = fmt::format(
        "SELECT id, node, incarnation, seq, line, reason, received FROM quarantine"
        " WHERE {} ORDER BY id DESC LIMIT ?4",
        kMeant);
    auto query = database.query(sql);
    bind(query, id, which).bind(std::uint64_t{lines_max - lines.size()});
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        lines.push_back(read_line(query));
    }
}

base::Result<std::uint64_t> run_for_each(sql::Database& database, const char* sql,
                                         const QuarantineSelection& which) {
    std::uint64_t changed = 0;
    for (const auto id : ids_of(which)) {
        auto query = database.query(fmt::format(fmt::runtime(sql), kMeant));
        const auto rows = bind(query, id, which).run_and_count();
        if (!rows) return rows;
        changed += rows.value();
    }
    return changed;
}

}  // namespace

bool QuarantineSelection::includes(const engine::RefusedLine& line) const {
    const bool is_named = ids.empty() || std::find(ids.begin(), ids.end(), line.id) != ids.end();
    return is_named && (node.empty() || node == line.node) &&
           (reason.empty() || reason == line.kind);
}

base::Result<std::vector<QuarantinedLine>> list_quarantine(sql::Database& database,
                                                           const QuarantineSelection& which,
                                                           std::size_t lines_max) {
    std::vector<QuarantinedLine> lines;
    for (const auto id : ids_of(which)) {
        if (auto listed = list(database, which, id, lines_max, lines); !listed) {
            return listed.error();
        }
    }
    for (auto& line : lines) {
        auto parts = read_parts(database, line.id);
        if (!parts) return parts.error();
        line.line.parts = std::move(parts).value();
    }
    return lines;
}

base::Result<std::uint64_t> count_quarantine(sql::Database& database,
                                             const QuarantineSelection& which) {
    std::uint64_t count = 0;
    for (const auto id : ids_of(which)) {
        auto query =
            database.query(fmt::format("SELECT count(*) FROM quarantine WHERE {}", kMeant));
        const auto row = bind(query, id, which).next();
        if (!row) return row.error();
        count += query.count(0);
    }
    return count;
}

base::Result<std::vector<std::string>> read_parts(sql::Database& database, std::int64_t id) {
    std::vector<std::string> parts;
    auto query = database.query(
        "SELECT part FROM quarantine_part WHERE quarantine_id = ? ORDER BY position");
    query.bind(id);
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return parts;
        parts.push_back(query.string(0));
    }
}

base::Result<std::uint64_t> drop_from_quarantine(sql::Database& database,
                                                 const QuarantineSelection& which) {
    const auto parts = run_for_each(database,
                                    "DELETE FROM quarantine_part WHERE quarantine_id IN"
                                    " (SELECT id FROM quarantine WHERE {})",
                                    which);
    if (!parts) return parts;
    return run_for_each(database, "DELETE FROM quarantine WHERE {}", which);
}

}  // namespace sinks
