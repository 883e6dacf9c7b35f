#include "central/sinks/table_set.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "base/ensure.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/values.hpp"
#include "sql/transaction.hpp"

namespace sinks {

namespace {

constexpr std::size_t kMarkIdsMax = 100'000;

constexpr const char* kWriteMark =
    "INSERT INTO mark (node, incarnation, seq, hash) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (node, incarnation) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";

constexpr const char* kMarks = "SELECT node, incarnation, seq, hash FROM mark ORDER BY id";
constexpr const char* kAhead =
    "SELECT node, incarnation, tail.seq, tail.hash FROM mark CROSS JOIN applied_hash AS tail"
    " WHERE tail.mark_id = mark.id AND tail.seq > mark.seq";

}  // namespace

base::Result<std::unique_ptr<TableSet>> TableSet::open(std::unique_ptr<sql::Database> database,
                                                       const SinkOptions& options) {
    if (auto made = prepare_schema(*database, options.spans); !made) return made.error();
    if (!options.singles.empty()) {
        if (auto noted = note_kept(*database, options.singles); !noted) return noted.error();
    }
    return std::unique_ptr<TableSet>{new TableSet{std::move(database), options}};
}

base::Status TableSet::set_identity(const std::string& identity) {
    auto query = database_->query("UPDATE meta SET value = ? WHERE name = 'identity'");
    return query.bind(identity).run();
}

base::Result<Loaded> TableSet::load(std::uint32_t partition, std::uint32_t partitions) {
    auto state = claim(partition);
    if (!state) return state.error();
    auto reached = marks(kMarks, partition, partitions);
    if (!reached) return reached.error();
    auto ahead = marks(kAhead, partition, partitions);
    if (!ahead) return ahead.error();
    return Loaded{.state = std::move(state).value(),
                  .marks = std::move(reached).value(),
                  .ahead = std::move(ahead).value()};
}

base::Result<PartitionState> TableSet::claim(std::uint32_t partition) {
    auto query = database_->query(
        "INSERT INTO partition (p, cursor, lineage, fence) VALUES (?, '0-0', '', 1)"
        " ON CONFLICT (p) DO UPDATE SET fence = partition.fence + 1 RETURNING cursor, lineage, "
        "fence");
    auto row = query.bind(std::int64_t{partition}).next();
    if (!row) return row.error();
    PartitionState state{.partition = partition,
                         .cursor = query.string(0),
                         .lineage = query.string(1),
                         .fence = query.count(2)};
    if (auto ended = query.run(); !ended) return ended.error();
    return state;
}

base::Result<std::vector<wire::NodeMark>> TableSet::marks(const char* sql, std::uint32_t partition,
                                                          std::uint32_t partitions) {
    std::vector<wire::NodeMark> found;
    auto query = database_->walk(sql);
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        const auto node = query.string(0);
        if (wire::partition_of(node, partitions) != partition) continue;
        found.push_back({.node = node,
                         .incarnation = read_incarnation(query, 1),
                         .mark = {.seq = query.count(2), .hash = read_hash(query, 3)}});
    }
}

base::Result<TailMatch> TableSet::applied(const std::string& node, const wire::Origin& origin) {
    const auto old = wire::to_text(origin.incarnation);
    auto query = database_->query(
        "SELECT applied_hash.hash FROM mark JOIN applied_hash ON mark_id = mark.id"
        " WHERE node = ? AND incarnation = ? AND applied_hash.seq = ?");
    query.bind(node).bind(old).bind(origin.seq);
    TailMatch match;
    for (;;) {
        auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return match;
        (read_hash(query, 0) == origin.hash ? match.same : match.other) = true;
    }
}

base::Result<Committed> TableSet::commit(const Commit& step) {
    sql::Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun().error();
    if (auto written = write(step); !written) return written.error();
    Committed committed;
    auto dropped = quarantine_.write(step.changes);
    if (!dropped) return dropped.error();
    committed.quarantine_dropped = std::move(dropped).value();
    const auto statements = write_statements(step.changes);
    if (!statements) return statements.error();
    committed.statements_dropped = statements.value();
    const auto findings = findings_.write(step.changes);
    if (!findings) return findings.error();
    committed.findings_dropped = findings.value();
    if (step.judged) {
        if (auto written = neighbours_.write(*step.judged); !written) return written.error();
    }
    const auto gaps = trim_gaps(step.changes);
    if (!gaps) return gaps.error();
    committed.gaps_dropped = gaps.value();
    if (auto ended = transaction.commit(); !ended) return ended.error();
    return committed;
}

base::Result<std::uint64_t> TableSet::drop_quarantined(const QuarantineSelection& which) {
    sql::Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun().error();
    const auto dropped = quarantine_.drop(which);
    if (!dropped) return dropped;
    if (auto ended = transaction.commit(); !ended) return ended.error();
    return dropped;
}

base::Status TableSet::write(const Commit& step) {
    for (const auto& state : step.partitions) {
        if (auto written = write(state); !written) return written;
    }
    for (const auto& mark : step.marks) {
        if (auto written = write_mark(mark); !written) return written;
    }
    for (const auto& mark : step.marks) {
        if (auto trimmed = trim_tail(mark, step.tail_records); !trimmed) return trimmed;
    }
    for (const auto& applied : step.tail) {
        if (auto written = write_tail(applied); !written) return written;
    }
    return write(step.changes);
}

base::Status TableSet::write(const PartitionState& state) {
    auto query =
        database_->query("UPDATE partition SET cursor = ?, lineage = ? WHERE p = ? AND fence = ?");
    query.bind(state.cursor).bind(state.lineage).bind(std::int64_t{state.partition});
    auto changed = query.bind(state.fence).run_and_count();
    if (!changed) return changed.error();
    if (changed.value() == 1) return base::Done{};
    return base::Error{base::Fault::transient,
                       fmt::format("partition {} was claimed by another central", state.partition)};
}

base::Status TableSet::write_mark(const wire::NodeMark& mark) {
    const bool is_known = mark_ids_.contains({mark.node, mark.incarnation});
    const auto incarnation = wire::to_text(mark.incarnation);
    static const auto kWriteNew = std::string{kWriteMark} + " RETURNING id";
    auto insert = is_known ? database_->batch(kWriteMark) : database_->query(kWriteNew);
    insert.bind(mark.node).bind(incarnation).bind(mark.mark.seq).bind(mark.mark.hash.bytes);
    if (is_known) return insert.run();
    const auto id = returned_id(insert);
    if (!id) return id.error();
    if (mark_ids_.size() >= kMarkIdsMax) mark_ids_.clear();
    mark_ids_.insert_or_assign({mark.node, mark.incarnation}, id.value());
    return base::Done{};
}

/// Keeps `tail_records` records of the tail behind the mark.
base::Status TableSet::trim_tail(const wire::NodeMark& mark, std::uint64_t tail_records) {
    if (mark.mark.seq <= tail_records) return base::Done{};
    const auto id = mark_id(mark);
    if (!id) return id.error();
    auto trim = database_->query("DELETE FROM applied_hash WHERE mark_id = ? AND seq <= ?");
    return trim.bind(id.value()).bind(mark.mark.seq - tail_records).run();
}

base::Status TableSet::write_tail(const wire::NodeMark& applied) {
    const auto id = mark_id(applied);
    if (!id) return id.error();
    auto insert = database_->batch(
        "INSERT INTO applied_hash (mark_id, seq, hash) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING");
    return insert.bind(id.value()).bind(applied.mark.seq).bind(applied.mark.hash.bytes).run();
}

base::Result<std::int64_t> TableSet::mark_id(const wire::NodeMark& mark) {
    const auto known = mark_ids_.find({mark.node, mark.incarnation});
    if (known != mark_ids_.end()) return known->second;
    const auto incarnation = wire::to_text(mark.incarnation);
    auto query = database_->query(
        "INSERT INTO mark (node, incarnation, seq, hash) VALUES (?, ?, 0, ?)"
        " ON CONFLICT (node, incarnation) DO UPDATE SET seq = mark.seq RETURNING id");
    const wire::ChainHash none{};
    query.bind(mark.node).bind(incarnation).bind(none.bytes);
    const auto id = returned_id(query);
    if (id) mark_ids_.insert_or_assign({mark.node, mark.incarnation}, id.value());
    return id;
}

base::Status TableSet::write(const engine::Changes& changes) {
    const auto outlooks = outlooks_of(*database_, changes);
    if (!outlooks) return outlooks.error();
    for (const auto& [name, row] : changes.nodes) {
        if (auto written = dimensions_.write(row); !written) return written;
    }
    if (auto written = write_series(changes); !written) return written;
    for (const auto& healed : changes.healed) {
        if (auto written = write(healed); !written) return written;
    }
    if (auto written = write_windows(changes); !written) return written;
    if (auto written = write_readings(changes); !written) return written;
    if (auto written = stretches_.write(changes.courses); !written) return written;
    for (const auto& gap : changes.gaps) {
        if (auto written = write(gap); !written) return written;
    }
    if (auto written = boots_.write(changes); !written) return written;
    return agenda_.note_nodes(changes, outlooks.value());
}

/// Of a new series something may have been imported already.
base::Status TableSet::write_series(const engine::Changes& changes) {
    for (const auto& [name, row] : changes.series) {
        const auto known = dimensions_.series_id(row.node, row.declared.series);
        if (!known) return known.error();
        bool has_periods = !row.periods.empty();
        if (known.value()) {
            const auto noted = agenda_.note_periods(*known.value(), row);
            if (!noted) return noted.error();
            has_periods = noted.value();
        }
        if (auto written = dimensions_.write(row); !written) return written;
        const auto id = dimensions_.series_id(row.node, row.declared.series);
        if (!id) return id.error();
        if (has_periods) {
            auto written = dimensions_.write_periods(id.value().value(), row.periods);
            if (!written) return written;
        }
        if (known.value()) continue;
        auto settled = statements_.settle(row.node, row.declared.series, id.value().value());
        if (!settled) return settled;
    }
    return base::Done{};
}

/// Returns how many old ones were dropped.
base::Result<std::uint64_t> TableSet::write_statements(const engine::Changes& changes) {
    std::uint64_t dropped = 0;
    for (const auto& statement : changes.statements) {
        const auto id = dimensions_.series_id(statement.node, statement.series);
        if (!id) return id.error();
        ENSURE(id.value());
        const auto added = statements_.add(statement, *id.value());
        if (!added) return added;
        dropped += added.value();
    }
    return dropped;
}

base::Status TableSet::write_windows(const engine::Changes& changes) {
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
        if (auto noted = agenda_.note_window(id, key, changes); !noted) return noted;
    }
    return base::Done{};
}

base::Status TableSet::write_readings(const engine::Changes& changes) {
    for (const auto& [node, series, blocks] : changes.readings) {
        const auto node_id = dimensions_.node_id(node);
        if (!node_id) return node_id.error();
        const auto series_id = dimensions_.series_id(node, series);
        if (!series_id) return series_id.error();
        ENSURE(series_id.value());
        auto written = readings_.write(node_id.value(), *series_id.value(), blocks);
        if (!written) return written;
    }
    return base::Done{};
}

base::Status TableSet::write(const std::vector<JudgedStep>& steps) {
    sql::Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun();
    for (const auto& step : steps) {
        if (auto written = agenda_.write(step); !written) return written;
    }
    if (auto saved = agenda_.save_noted(); !saved) return saved;
    return transaction.commit();
}

base::Status TableSet::write(const engine::HealedReason& healed) {
    const auto& [span, node, series, start] = healed.window;
    const auto id = dimensions_.series_id(node, series);
    if (!id) return id.error();
    ENSURE(id.value());
    return rollups_.heal(span, *id.value(), start, healed.reason);
}

base::Status TableSet::write(const engine::GapRow& gap) {
    const auto node = dimensions_.node_id(gap.node);
    if (!node) return node.error();
    const auto incarnation = wire::to_text(gap.incarnation);
    auto query = database_->query(
        "INSERT INTO gap (node_id, incarnation, from_seq, to_seq, reason, readings, first_at,"
        " last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    query.bind(node.value()).bind(incarnation).bind(gap.from).bind(gap.to).bind(gap.reason);
    return query.bind(gap.readings).bind(gap.first_at).bind(gap.last_at).run();
}

base::Result<std::uint64_t> TableSet::trim_gaps(const engine::Changes& changes) {
    std::set<std::string_view> nodes;
    for (const auto& gap : changes.gaps) nodes.insert(gap.node);
    std::uint64_t dropped = 0;
    for (const auto node : nodes) {
        const auto id = dimensions_.node_id(std::string{node});
        if (!id) return id.error();
        auto query = database_->query(
            "DELETE FROM gap WHERE node_id = ?1 AND id <= (SELECT id FROM gap WHERE node_id = ?1"
            " ORDER BY id DESC LIMIT 1 OFFSET ?2)");
        const auto trimmed = query.bind(id.value()).bind(gaps_max_).run_and_count();
        if (!trimmed) return trimmed.error();
        dropped += trimmed.value();
    }
    return dropped;
}

base::Result<std::optional<engine::WindowRow>> TableSet::window(const engine::WindowKey& key) {
    auto id = dimensions_.series_id(key.node, key.series);
    if (!id) return id.error();
    if (!id.value()) return std::optional<engine::WindowRow>{};
    return rollups_.read(key.span, *id.value(), key.start);
}

}  // namespace sinks
