#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/pipeline/chronicle.hpp"
#include "central/pipeline/settling.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// A partition is read again from its beginning, up to the entry that showed a hole.
struct Rescan {
    std::string trigger;                       // The id of that entry.
    std::map<Chronicle, std::uint64_t> holes;  // With the highest number beyond each hole.
};

/// Only a person can repair the partition's keys in the source.
struct Blockage {
    base::Error error;
    base::Instant until;  // The next attempt.
};

/// One partition of the stream: how far it was read, and what of that is to be committed.
struct Partition {
    sinks::PartitionState state;  // In a rescan its cursor stays at the beginning.
    std::string position;         // Read up to here.
    bool changed = false;         // Since the last commit.
    std::optional<Rescan> rescan;
    Settling settling;
    std::optional<Blockage> blockage;

    bool is_blocked(base::Instant now) const { return blockage && now < blockage->until; }

    /// The source is of this lineage now. True when it was of another one, and is read again.
    bool follow(const std::string& lineage);

    /// Reads from the beginning again, and gives up a rescan. The marks show what was committed
    /// before; the source trims nothing while the cursor is there.
    void start_again();

    /// Starts again because of a hole that this entry showed.
    void start_rescan(const std::string& trigger);

    /// The entry was read.
    void move_to(const std::string& id);

    bool has_reached_trigger() const { return rescan && rescan->trigger == position; }
};

std::vector<ingest::Position> positions_of(const std::vector<Partition*>& partitions);

/// The partitions, read in turn so that none starves.
class Partitions {
  public:
    explicit Partitions(std::uint32_t count) : count_(count) {}

    /// Adds the partition that comes next, as it was committed.
    void add(const sinks::Loaded& loaded);

    /// The first that is blocked; null when none is.
    const Partition* blocked() const;

    void clear() { partitions_.clear(); }
    bool is_complete() const { return partitions_.size() == count_; }
    std::uint32_t count() const { return count_; }

    /// The partition of a node.
    Partition& of(const std::string& node);

    Partition& at(std::uint32_t number) { return partitions_[number]; }

    /// What the source must be told of those that are not blocked, when that is due or was last
    /// done `every` ago.
    std::vector<ingest::Settlement> due(base::Duration every, base::Instant now);

    /// All that are not blocked, beginning with the one whose turn it is.
    std::vector<Partition*> in_turn(base::Instant now);
    /// The next turn begins behind it.
    void end_turn(const Partition& last) { turn_ = (last.state.partition + 1) % count_; }

    auto begin() { return partitions_.begin(); }
    auto end() { return partitions_.end(); }

  private:
    std::uint32_t count_;
    std::vector<Partition> partitions_;
    std::size_t turn_ = 0;
};

}  // namespace central
