#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "central/sinks/neighbours/kinds.hpp"
#include "wire/ack.hpp"
#include "wire/record.hpp"

namespace sinks {

/// Where a partition of the stream stands. The fence is a number that grows whenever a central
/// claims the partition: one that holds an older number has lost it and cannot commit.
struct PartitionState {
    std::uint32_t partition = 0;
    std::string cursor = "0-0";  // Everything up to this entry is committed.
    std::string lineage;  // Of the stream that the cursor belongs to; empty at the beginning.
    std::uint64_t fence = 0;
};

/// What a central finds when it claims a partition.
struct Loaded {
    PartitionState state;
    std::vector<wire::NodeMark> marks;  // Applied marks of the partition's nodes, all incarnations.
    std::vector<wire::NodeMark> ahead;  // Records in the tail beyond their incarnation's mark.
};

/// One step, all or nothing.
struct Commit {
    std::vector<PartitionState> partitions;  // With the cursors after the step.
    std::vector<wire::NodeMark> marks;
    std::vector<wire::NodeMark> tail;  // Records applied: number and chain value.
    std::uint64_t tail_records = 0;    // How many of them to keep behind each mark.
    engine::Changes changes;
    std::optional<JudgedHour> judged{};  // Its findings are among the changes.
};

struct Committed {
    /// Lines dropped because quarantine was full, by their reason: "series_limit".
    std::map<std::string, std::uint64_t> quarantine_dropped;
    std::uint64_t statements_dropped = 0;  // Oldest of where a series was: there were too many.
    std::uint64_t findings_dropped = 0;    // Oldest ended findings dropped: there were too many.
    std::uint64_t gaps_dropped = 0;        // Oldest gaps dropped because their node had too many.
};

/// Which chain values the tail has under a number.
struct TailMatch {
    bool same = false;
    bool other = false;
};

/// Where windows and the position in the stream are kept together, so that both move or neither.
/// After an Error of commit() nothing is known: load() again before the next one.
class Sink {
  public:
    virtual ~Sink() = default;

    /// Claims the partition, one of `partitions`: raises its fence and gives where it stands.
    virtual base::Result<Loaded> load(std::uint32_t partition, std::uint32_t partitions) = 0;

    /// Whether a record was applied under its origin's number. Sees committed records only.
    virtual base::Result<TailMatch> applied(const std::string& node,
                                            const wire::Origin& origin) = 0;

    /// Durable when it returns. Transient, with nothing changed, when another central raised a
    /// partition's fence.
    virtual base::Result<Committed> commit(const Commit& step) = 0;

    /// Whether all that was committed is still where it belongs; after an Error nothing of it may
    /// be acknowledged, and load() comes next. Cheap enough for every step.
    virtual base::Status check() = 0;

    /// The committed rows, for the engine.
    virtual engine::Memory& memory() = 0;

    /// The same, for the comparison of neighbours.
    virtual Neighbours& neighbours() = 0;
};

}  // namespace sinks
