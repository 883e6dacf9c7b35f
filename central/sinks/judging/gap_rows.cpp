#include "central/sinks/judging/gap_rows.hpp"

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

engine::GapRow read_gap(const sql::Query& row) {
    engine::GapRow gap{.node = row.string(0),
                       .incarnation = read_incarnation(row, 1),
                       .from = row.count(2),
                       .to = row.count(3),
                       .reason = row.string(4),
                       .readings = {},
                       .first_at = row.optional_time(6),
                       .last_at = row.optional_time(7)};
    if (!row.is_null(5)) gap.readings = row.count(5);
    return gap;
}

// Oldest first, and as many as are kept: a hole is never left out. What a node evicted may have
// arrived before: it is gone only where its numbers never came. No two gaps are lost of the same.
constexpr const char* kGaps =
    "SELECT ?1, incarnation, from_seq, to_seq, reason, readings, first_at, last_at FROM gap"
    " WHERE (node_id = (SELECT id FROM dim_node WHERE name = ?1)"
    " AND last_at IS NULL OR node_id = (SELECT id FROM dim_node WHERE name = ?1)"
    " AND last_at >= ?2 AND (first_at IS NULL OR first_at < ?3))"
    " AND (reason <> 'evicted' OR (SELECT lost.from_seq FROM gap AS lost"
    " WHERE lost.node_id = gap.node_id AND lost.incarnation = gap.incarnation"
    " AND lost.reason = 'lost' AND lost.to_seq >= gap.from_seq"
    " ORDER BY lost.to_seq LIMIT 1) <= gap.to_seq)"
    " ORDER BY id";

}  // namespace

base::Result<std::vector<engine::GapRow>> read_gaps(sql::Database& database,
                                                    const std::string& node, base::EventTime from,
                                                    base::EventTime to) {
    std::vector<engine::GapRow> gaps;
    auto query = database.query(kGaps);
    query.bind(node).bind(from).bind(to);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return gaps;
        gaps.push_back(read_gap(query));
    }
}

}  // namespace sinks
