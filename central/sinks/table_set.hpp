#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/memory.hpp"
#include "central/sinks/judging/agenda.hpp"
#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/neighbours/neighbours.hpp"
#include "central/sinks/quarantine/quarantine.hpp"
#include "central/sinks/sink.hpp"
#include "central/sinks/sink_options.hpp"
#include "central/sinks/tables/boots.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "central/sinks/tables/findings.hpp"
#include "central/sinks/tables/forgetting.hpp"
#include "central/sinks/tables/horizons/horizons.hpp"
#include "central/sinks/tables/readings/reading_tables.hpp"
#include "central/sinks/tables/rollups.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/spans.hpp"
#include "central/sinks/tables/statements.hpp"
#include "central/sinks/tables/stretches.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The writing connection with its tables and what it remembers. After any Error it must go: an id
/// may be remembered that was never committed.
class TableSet final {
  public:
    /// Makes what tables are missing in the database, which it takes over.
    static base::Result<std::unique_ptr<TableSet>> open(std::unique_ptr<sql::Database> database,
                                                        const SinkOptions& options);

    sql::Database& database() { return *database_; }

    /// The random name that was made with the database, and giving it one that is known.
    base::Result<std::string> identity() { return read_identity(*database_); }
    base::Status set_identity(const std::string& identity);

    base::Result<Holdings> holdings(const std::string& node) {
        return holdings_of(*database_, node);
    }
    base::Result<Holdings> holdings(const std::string& node, const std::string& series) {
        return holdings_of(*database_, node, series);
    }
    base::Status forget(const std::string& node) { return forget_node(*database_, node); }
    base::Status forget(const std::string& node, const std::string& series) {
        return forget_series(*database_, node, series);
    }

    base::Result<Loaded> load(std::uint32_t partition, std::uint32_t partitions);
    base::Result<TailMatch> applied(const std::string& node, const wire::Origin& origin);
    base::Result<Committed> commit(const Commit& step);
    base::Result<std::uint64_t> drop_quarantined(const QuarantineSelection& which);
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key);
    Dimensions& dimensions() { return dimensions_; }
    BootTables& boots() { return boots_; }
    Quarantine& quarantine() { return quarantine_; }
    Findings& findings() { return findings_; }
    NeighbourTables& neighbours() { return neighbours_; }
    Stretches& stretches() { return stretches_; }
    Agenda& agenda() { return agenda_; }
    ReadingTables& readings() { return readings_; }
    base::Status write(const std::vector<JudgedStep>& steps);
    base::Status give_up(base::Duration span, base::EventTime before) {
        return raise_horizon(*database_, span_name(span), before);
    }
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) {
        return read_horizon(*database_, span_name(span));
    }
    base::Result<RemovedWindows> remove_windows(base::Duration span, std::int64_t from_series,
                                                std::size_t windows_max) {
        return remove_given_up(*database_, span_name(span), from_series, windows_max);
    }

  private:
    TableSet(std::unique_ptr<sql::Database> database, const SinkOptions& options)
        : database_(std::move(database)),
          rollups_(*database_, options.spans),
          quarantine_(*database_, options.quarantine_max),
          findings_(*database_, dimensions_, options.findings_max),
          agenda_(*database_, dimensions_, options.spans),
          gaps_max_(options.gaps_max) {}

    base::Result<PartitionState> claim(std::uint32_t partition);
    base::Result<std::vector<wire::NodeMark>> marks(const char* sql, std::uint32_t partition,
                                                    std::uint32_t partitions);
    base::Status write(const PartitionState& state);
    base::Status write(const Commit& step);
    base::Status write_series(const engine::Changes& changes);
    base::Result<std::uint64_t> write_statements(const engine::Changes& changes);
    base::Status write_mark(const wire::NodeMark& mark);
    base::Status trim_tail(const wire::NodeMark& mark, std::uint64_t tail_records);
    base::Status write_tail(const wire::NodeMark& applied);
    base::Status write(const engine::Changes& changes);
    base::Status write_windows(const engine::Changes& changes);
    base::Status write_readings(const engine::Changes& changes);
    base::Status write(const engine::HealedReason& healed);
    base::Status write(const engine::GapRow& gap);
    base::Result<std::uint64_t> trim_gaps(const engine::Changes& changes);
    base::Result<std::int64_t> mark_id(const wire::NodeMark& mark);

    std::unique_ptr<sql::Database> database_;
    Dimensions dimensions_{*database_};
    Rollups rollups_;
    BootTables boots_{*database_};
    Statements statements_{*database_};
    Stretches stretches_{*database_, dimensions_};
    ReadingTables readings_{*database_};
    Quarantine quarantine_;
    Findings findings_;
    NeighbourTables neighbours_{*database_};
    Agenda agenda_;
    std::uint64_t gaps_max_;
    std::map<std::pair<std::string, wire::Incarnation>, std::int64_t> mark_ids_;
};

}  // namespace sinks
