#include "central/sinks/sqlite_file.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "base/ensure.hpp"
#include "central/sinks/sqlite_schema.hpp"

namespace sinks {

namespace {

constexpr std::size_t kMarkIdsMax = 100'000;

base::Status done(base::Result<std::uint64_t> changed) {
    if (!changed) return changed.error();
    return base::Done{};
}

wire::Incarnation incarnation(const Statement& row, int column) {
    return wire::parse_incarnation(row.text(column)).value_or(wire::Incarnation{});
}

}  // namespace

base::Result<std::unique_ptr<SqliteSink::File>> SqliteSink::File::open(
    const SqliteSinkOptions& options) {
    auto opened = Database::open(options.path, Database::Mode::read_write);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto made = prepare_schema(database, options.spans); !made) {
        return base::Error{made.error().fault, options.path + ": " + made.error().detail};
    }
    auto dimensions = Dimensions::prepare(database);
    if (!dimensions) return dimensions.error();
    auto rollups = Rollups::prepare(database, options.spans);
    if (!rollups) return rollups.error();
    auto boots = BootTables::prepare(database);
    if (!boots) return boots.error();
    std::unique_ptr<File> file{new File{std::move(database), std::move(dimensions).value(),
                                        std::move(rollups).value(), std::move(boots).value(),
                                        options}};
    if (auto prepared = file->prepare(); !prepared) return prepared.error();
    return file;
}

base::Status SqliteSink::File::prepare() {
    return prepare_all(
        database_,
        {{begin_, "BEGIN IMMEDIATE"},
         {end_, "COMMIT"},
         {take_partition_,
          "INSERT INTO partition (p, cursor, lineage, fence) VALUES (?, '0-0', '', 1)"
          " ON CONFLICT (p) DO UPDATE SET fence = fence + 1 RETURNING cursor, lineage, fence"},
         {write_partition_,
          "UPDATE partition SET cursor = ?, lineage = ? WHERE p = ? AND fence = ?"},
         {read_marks_, "SELECT node, incarnation, seq, hash FROM mark ORDER BY id"},
         {read_ahead_,
          "SELECT node, incarnation, tail.seq, tail.hash FROM mark CROSS JOIN applied_hash AS tail"
          " ON tail.mark_id = mark.id AND tail.seq > mark.seq"},
         {write_mark_,
          "INSERT INTO mark (node, incarnation, seq, hash) VALUES (?, ?, ?, ?)"
          " ON CONFLICT (node, incarnation) DO UPDATE SET seq = excluded.seq,"
          " hash = excluded.hash RETURNING id"},
         {find_mark_,
          "INSERT INTO mark (node, incarnation, seq, hash) VALUES (?, ?, 0, zeroblob(16))"
          " ON CONFLICT (node, incarnation) DO UPDATE SET seq = seq RETURNING id"},
         {write_hash_, "INSERT OR IGNORE INTO applied_hash (mark_id, seq, hash) VALUES (?, ?, ?)"},
         {trim_hashes_, "DELETE FROM applied_hash WHERE mark_id = ? AND seq <= ?"},
         {find_hashes_,
          "SELECT applied_hash.hash FROM mark JOIN applied_hash ON mark_id = mark.id"
          " WHERE node = ? AND incarnation = ? AND applied_hash.seq = ?"},
         {write_gap_,
          "INSERT INTO gap (node_id, incarnation, from_seq, to_seq, reason, readings, first_at,"
          " last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
         {trim_gaps_,
          "DELETE FROM gap WHERE node_id = ?1 AND id <= (SELECT id FROM gap WHERE node_id = ?1"
          " ORDER BY id DESC LIMIT 1 OFFSET ?2)"},
         {write_line_,
          "INSERT INTO quarantine (node, incarnation, seq, reason, received, line)"
          " VALUES (?, ?, ?, ?, ?, ?)"},
         {trim_lines_, "DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?"}});
}

base::Result<Loaded> SqliteSink::File::load(std::uint32_t partition, std::uint32_t partitions) {
    auto row = take_partition_.begin().bind(std::int64_t{partition}).step();
    if (!row) return row.error();
    Loaded loaded;
    loaded.state = {.partition = partition,
                    .cursor = take_partition_.text(0),
                    .lineage = take_partition_.text(1),
                    .fence = take_partition_.count(2)};
    if (auto end = take_partition_.run(); !end) return end.error();
    auto reached = marks(read_marks_, partition, partitions);
    if (!reached) return reached.error();
    loaded.marks = std::move(reached).value();
    auto ahead = marks(read_ahead_, partition, partitions);
    if (!ahead) return ahead.error();
    loaded.ahead = std::move(ahead).value();
    return loaded;
}

base::Result<std::vector<wire::NodeMark>> SqliteSink::File::marks(Statement& query,
                                                                  std::uint32_t partition,
                                                                  std::uint32_t partitions) {
    std::vector<wire::NodeMark> found;
    query.begin();
    for (;;) {
        auto row = query.step();
        if (!row) return row.error();
        if (!row.value()) return found;
        const auto node = query.text(0);
        if (wire::partition_of(node, partitions) != partition) continue;
        found.push_back({.node = node,
                         .incarnation = incarnation(query, 1),
                         .mark = {.seq = query.count(2), .hash = query.hash(3)}});
    }
}

base::Result<TailMatch> SqliteSink::File::applied(const std::string& node,
                                                  const wire::Origin& origin) {
    const auto old = wire::to_text(origin.incarnation);
    find_hashes_.begin().bind(node).bind(old).bind(origin.seq);
    TailMatch match;
    for (;;) {
        auto row = find_hashes_.step();
        if (!row) return row.error();
        if (!row.value()) return match;
        (find_hashes_.hash(0) == origin.hash ? match.same : match.other) = true;
    }
}

base::Result<Committed> SqliteSink::File::commit(const Commit& step) {
    if (auto begun = begin_.begin().run(); !begun) return begun.error();
    for (const auto& state : step.partitions) {
        if (auto written = write(state); !written) return written.error();
    }
    if (auto written = write_marks(step); !written) return written.error();
    if (auto written = write_tail(step); !written) return written.error();
    if (auto written = write(step.changes); !written) return written.error();
    Committed committed;
    if (!step.changes.quarantined.empty()) {
        auto dropped = trim_quarantine();
        if (!dropped) return dropped.error();
        committed.quarantine_dropped = dropped.value();
    }
    auto trimmed = trim_gaps(step.changes);
    if (!trimmed) return trimmed.error();
    committed.gaps_dropped = trimmed.value();
    if (auto ended = end_.begin().run(); !ended) return ended.error();
    return committed;
}

base::Status SqliteSink::File::write(const PartitionState& state) {
    write_partition_.begin().bind(state.cursor).bind(state.lineage);
    auto changed = write_partition_.bind(std::int64_t{state.partition}).bind(state.fence).run();
    if (!changed) return changed.error();
    if (changed.value() == 1) return base::Done{};
    return base::Error{base::Fault::transient,
                       fmt::format("partition {} was taken by another central", state.partition)};
}

base::Status SqliteSink::File::write_marks(const Commit& step) {
    for (const auto& mark : step.marks) {
        const auto text = wire::to_text(mark.incarnation);
        write_mark_.begin().bind(mark.node).bind(text).bind(mark.mark.seq).bind(mark.mark.hash);
        auto row = write_mark_.step();
        if (!row) return row.error();
        const auto id = write_mark_.integer(0);
        if (auto end = write_mark_.run(); !end) return end.error();
        if (mark_ids_.size() >= kMarkIdsMax) mark_ids_.clear();
        mark_ids_.insert_or_assign({mark.node, mark.incarnation}, id);
        if (mark.mark.seq <= step.tail_records) continue;
        auto trimmed = trim_hashes_.begin().bind(id).bind(mark.mark.seq - step.tail_records).run();
        if (!trimmed) return trimmed.error();
    }
    return base::Done{};
}

base::Status SqliteSink::File::write_tail(const Commit& step) {
    for (const auto& applied : step.tail) {
        auto id = mark_id(applied);
        if (!id) return id.error();
        write_hash_.begin().bind(id.value()).bind(applied.mark.seq).bind(applied.mark.hash);
        if (auto written = write_hash_.run(); !written) return written.error();
    }
    return base::Done{};
}

base::Result<std::int64_t> SqliteSink::File::mark_id(const wire::NodeMark& mark) {
    const auto known = mark_ids_.find({mark.node, mark.incarnation});
    if (known != mark_ids_.end()) return known->second;
    const auto text = wire::to_text(mark.incarnation);
    auto row = find_mark_.begin().bind(mark.node).bind(text).step();
    if (!row) return row.error();
    const auto id = find_mark_.integer(0);
    if (auto end = find_mark_.run(); !end) return end.error();
    mark_ids_.insert_or_assign({mark.node, mark.incarnation}, id);
    return id;
}

base::Status SqliteSink::File::write(const engine::Changes& changes) {
    for (const auto& [name, row] : changes.nodes) {
        if (auto written = dimensions_.write(row); !written) return written;
    }
    for (const auto& [name, row] : changes.series) {
        if (auto written = dimensions_.write(row); !written) return written;
    }
    if (auto written = write_windows(changes); !written) return written;
    for (const auto& gap : changes.gaps) {
        if (auto written = write(gap); !written) return written;
    }
    for (const auto& line : changes.quarantined) {
        if (auto written = write(line); !written) return written;
    }
    return boots_.write(changes);
}

base::Status SqliteSink::File::write_windows(const engine::Changes& changes) {
    const engine::WindowKey* before = nullptr;
    std::int64_t id = 0;
    for (const auto& [key, row] : changes.windows) {
        // Keys are in order: the id is looked up once a series.
        if (before == nullptr || before->series != key.series || before->node != key.node) {
            auto found = dimensions_.series_id(key.node, key.series);
            if (!found) return found.error();
            ENSURE(found.value());
            id = *found.value();
        }
        before = &key;
        if (auto written = rollups_.write(key.span, id, key.start, row); !written) return written;
    }
    return base::Done{};
}

base::Status SqliteSink::File::write(const engine::GapRow& gap) {
    auto node = dimensions_.node_id(gap.node);
    if (!node) return node.error();
    const auto text = wire::to_text(gap.incarnation);
    write_gap_.begin().bind(node.value()).bind(text).bind(gap.from).bind(gap.to).bind(gap.reason);
    return done(write_gap_.bind(gap.readings).bind(gap.first_at).bind(gap.last_at).run());
}

base::Status SqliteSink::File::write(const engine::Quarantined& line) {
    const auto text = wire::to_text(line.incarnation);
    write_line_.begin().bind(line.node).bind(text).bind(line.seq).bind(line.reason);
    return done(write_line_.bind(line.received).bind(line.line).run());
}

base::Result<std::uint64_t> SqliteSink::File::trim_quarantine() {
    return trim_lines_.begin().bind(quarantine_max_).run();
}

base::Result<std::uint64_t> SqliteSink::File::trim_gaps(const engine::Changes& changes) {
    std::set<std::string_view> nodes;
    for (const auto& gap : changes.gaps) nodes.insert(gap.node);
    std::uint64_t dropped = 0;
    for (const auto node : nodes) {
        auto id = dimensions_.node_id(std::string{node});
        if (!id) return id.error();
        auto trimmed = trim_gaps_.begin().bind(id.value()).bind(gaps_max_).run();
        if (!trimmed) return trimmed.error();
        dropped += trimmed.value();
    }
    return dropped;
}

base::Result<std::optional<engine::WindowRow>> SqliteSink::File::window(
    const engine::WindowKey& key) {
    auto id = dimensions_.series_id(key.node, key.series);
    if (!id) return id.error();
    if (!id.value()) return std::optional<engine::WindowRow>{};
    return rollups_.read(key.span, *id.value(), key.start);
}

}  // namespace sinks
