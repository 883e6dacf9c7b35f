#include "central/sinks/tables/readings/reading_tables.hpp"

#include <array>

#include "central/sinks/tables/readings/encoding.hpp"
#include "sql/transaction.hpp"

namespace sinks {

namespace {

constexpr std::int64_t kAhead = 4;
constexpr std::array kClocks{wire::ClockState::synced, wire::ClockState::holdover,
                             wire::ClockState::boot};
constexpr std::size_t kIncarnationIdsMax = 100'000;

}  // namespace

base::Status note_kept(sql::Database& database, const std::string& kept) {
    auto since = database.query(
        "INSERT INTO meta (name, value)"
        " SELECT 'singles_since', CAST(strftime('%s', 'now') AS INTEGER) * 1000"
        " WHERE coalesce((SELECT value FROM meta WHERE name = 'singles'), '') <> ?"
        " AND EXISTS (SELECT 1 FROM dim_series)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    if (auto noted = since.bind(kept).run(); !noted) return noted;
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES ('singles', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE meta.value <> "
        "excluded.value");
    return query.bind(kept).run();
}

std::int64_t flags_of(const engine::ReadingBlock& block) {
    std::int64_t flags = block.is_ahead ? kAhead : 0;
    for (std::size_t i = 0; i < kClocks.size(); ++i) {
        if (kClocks.at(i) == block.origin.clock) flags += static_cast<std::int64_t>(i);
    }
    return flags;
}

bool is_ahead(std::int64_t flags) {
    return flags >= kAhead;
}

wire::ClockState clock_of(std::int64_t flags) {
    const auto place = static_cast<std::size_t>(flags % kAhead);
    return place < kClocks.size() ? kClocks.at(place) : wire::ClockState::boot;
}

base::Status ReadingTables::write(std::int64_t node, std::int64_t series,
                                  const std::vector<engine::ReadingBlock>& blocks) {
    const engine::ReadingBlock* before = nullptr;
    std::int64_t incarnation = 0;
    for (const auto& block : blocks) {
        const auto& mine = block.origin.incarnation;
        if (before == nullptr || before->origin.incarnation != mine) {
            const auto id = incarnation_id(node, mine);
            if (!id) return id.error();
            incarnation = id.value();
        }
        before = &block;
        if (auto written = write(incarnation, series, block); !written) return written;
    }
    return base::Done{};
}

base::Status ReadingTables::write(std::int64_t incarnation, std::int64_t series,
                                  const engine::ReadingBlock& block) {
    auto covered = months_.cover({.first_at = block.first_at,
                                  .received = block.origin.received,
                                  .series = series,
                                  .incarnation = incarnation});
    if (!covered) return covered;
    auto query = database_.batch(
        "INSERT INTO reading_block (series_id, first_at, lasts, incarnation_id, seq, stored_after,"
        " flags, count, step, readings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const auto lasts = std::int64_t{(block.last_at - block.first_at).count()};
    const auto stored_after = std::int64_t{(block.origin.received - block.first_at).count()};
    query.bind(series).bind(block.first_at).bind(lasts).bind(incarnation).bind(block.origin.seq);
    query.bind(stored_after).bind(flags_of(block));
    if (block.readings.empty()) {
        return query.bind(block.summarised).bind_null().bind_null().run();
    }
    const auto encoded = encode(block.readings);
    query.bind(std::uint64_t{block.readings.size()}).bind(encoded.step).bind(encoded.text);
    return query.run();
}

base::Result<std::int64_t> ReadingTables::incarnation_id(std::int64_t node,
                                                         const wire::Incarnation& incarnation) {
    const auto known = incarnation_ids_.find({node, incarnation});
    if (known != incarnation_ids_.end()) return known->second;
    const auto text = wire::to_text(incarnation);
    auto query = database_.query(
        "INSERT INTO incarnation (node_id, incarnation) VALUES (?, ?)"
        " ON CONFLICT (node_id, incarnation) DO UPDATE SET node_id = excluded.node_id RETURNING "
        "id");
    const auto row = query.bind(node).bind(text).next();
    if (!row) return row.error();
    const auto id = query.integer(0);
    if (auto ended = query.run(); !ended) return ended.error();
    if (incarnation_ids_.size() >= kIncarnationIdsMax) incarnation_ids_.clear();
    incarnation_ids_.insert_or_assign({node, incarnation}, id);
    return id;
}

base::Result<std::vector<KeptSeries>> ReadingTables::kept_series(std::int64_t after,
                                                                 std::size_t series_max) {
    auto query =
        database_.query("SELECT id, quantity FROM dim_series WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(after).bind(static_cast<std::int64_t>(series_max));
    std::vector<KeptSeries> found;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.push_back({.id = query.integer(0), .quantity = query.string(1)});
    }
}

base::Result<std::vector<std::string>> ReadingTables::kept_quantities() {
    auto query = database_.query("SELECT DISTINCT quantity FROM dim_series");
    std::vector<std::string> found;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.push_back(query.string(0));
    }
}

base::Result<std::optional<base::EventTime>> ReadingTables::newest_arrival() {
    auto query = database_.query("SELECT max(stored_at) FROM dim_node");
    const auto row = query.next();
    if (!row) return row.error();
    return query.optional_time(0);
}

base::Result<std::optional<base::EventTime>> ReadingTables::last_removal() {
    auto query = database_.query("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'removal'");
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return std::optional<base::EventTime>{};
    return std::optional{query.time(0)};
}

base::Status ReadingTables::note_removal(base::EventTime time) {
    auto query = database_.query(
        "INSERT INTO meta (name, value) VALUES ('removal', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    return query.bind(time).run();
}

base::Result<Removed> ReadingTables::remove(const std::vector<Outdated>& outdated,
                                            std::size_t blocks_max) {
    sql::Transaction transaction{database_};
    if (!transaction.begun()) return transaction.begun().error();
    Removed removed;
    for (const auto& one : outdated) {
        if (removed.blocks >= blocks_max) break;
        const auto left = blocks_max - removed.blocks;
        if (auto done = remove(one, left, removed); !done) return done.error();
    }
    if (auto ended = transaction.commit(); !ended) return ended.error();
    return removed;
}

/// What is ahead begins behind `now`, and goes when it has been here as long as the others. Of a
/// table in parts, each block is found in the one where it lies.
base::Status ReadingTables::remove(const Outdated& outdated, std::size_t blocks_max,
                                   Removed& removed) {
    auto query = database_.query(
        "DELETE FROM reading_block WHERE (id, first_at) IN ("
        " SELECT id, first_at FROM reading_block WHERE series_id = ?1 AND (first_at < ?2"
        " OR (first_at > ?3 AND first_at + stored_after < ?2)) LIMIT ?4) RETURNING count");
    query.bind(outdated.series).bind(engine::hour_start(outdated.before)).bind(outdated.now);
    query.bind(static_cast<std::int64_t>(blocks_max));
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
        ++removed.blocks;
        removed.readings += query.count(0);
    }
}

}  // namespace sinks
