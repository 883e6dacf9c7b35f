#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/memory.hpp"
#include "central/sinks/sink.hpp"
#include "central/sinks/sqlite_boots.hpp"
#include "central/sinks/sqlite_dimensions.hpp"
#include "central/sinks/sqlite_rows.hpp"
#include "central/sinks/sqlite_sink.hpp"

namespace sinks {

/// The writing connection with its statements and what it remembers. After any Error it must go: a
/// transaction may be open and an id remembered that was never committed.
class SqliteSink::File final {
  public:
    static base::Result<std::unique_ptr<File>> open(const SqliteSinkOptions& options);

    base::Result<Loaded> load(std::uint32_t partition, std::uint32_t partitions);
    base::Result<TailMatch> applied(const std::string& node, const wire::Origin& origin);
    base::Result<Committed> commit(const Commit& step);
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key);
    Dimensions& dimensions() { return dimensions_; }
    BootTables& boots() { return boots_; }

  private:
    File(Database database, Dimensions dimensions, Rollups rollups, BootTables boots,
         const SqliteSinkOptions& options)
        : database_(std::move(database)),
          dimensions_(std::move(dimensions)),
          rollups_(std::move(rollups)),
          boots_(std::move(boots)),
          quarantine_max_(options.quarantine_max),
          gaps_max_(options.gaps_max) {}

    base::Status prepare();
    base::Result<std::vector<wire::NodeMark>> marks(Statement& query, std::uint32_t partition,
                                                    std::uint32_t partitions);
    base::Status write(const PartitionState& state);
    base::Status write_marks(const Commit& step);
    base::Status write_tail(const Commit& step);
    base::Status write(const engine::Changes& changes);
    base::Status write_windows(const engine::Changes& changes);
    base::Status write(const engine::GapRow& gap);
    base::Status write(const engine::Quarantined& line);
    base::Result<std::uint64_t> trim_quarantine();
    base::Result<std::uint64_t> trim_gaps(const engine::Changes& changes);
    base::Result<std::int64_t> mark_id(const wire::NodeMark& mark);

    Database database_;
    Dimensions dimensions_;
    Rollups rollups_;
    BootTables boots_;
    std::uint64_t quarantine_max_;
    std::uint64_t gaps_max_;
    Statement begin_;
    Statement end_;
    Statement take_partition_;
    Statement write_partition_;
    Statement read_marks_;
    Statement read_ahead_;
    Statement write_mark_;
    Statement find_mark_;
    Statement write_hash_;
    Statement trim_hashes_;
    Statement find_hashes_;
    Statement write_gap_;
    Statement trim_gaps_;
    Statement write_line_;
    Statement trim_lines_;
    std::map<std::pair<std::string, wire::Incarnation>, std::int64_t> mark_ids_;
};

}  // namespace sinks
