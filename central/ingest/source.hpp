#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/ack.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

namespace ingest {

/// One entry of a partition's stream.
struct Entry {
    std::string id;  // Redis stream id, "<ms>-<n>"; opaque, ordered within a lineage.
    std::string node;
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;     // Of the record, or the first one missing when `gap_to` is set.
    std::uint64_t gap_to = 0;  // 0: a record; else seq … gap_to are gone for good.
    wire::ChainHash hash;      // h(seq), or h(gap_to).
    std::string line;          // Empty for a gap.
    base::EventTime received;  // When the bridge accepted it.
};

/// A node's applied mark within one incarnation.
using AppliedMark = wire::NodeMark;

/// How far a partition was read: up to this entry; "0-0": nothing yet.
struct Position {
    std::uint32_t partition = 0;
    std::string cursor;
};

/// Entries of a partition, oldest first.
struct Batch {
    std::vector<Entry> entries;
    bool more = false;  // There were as many as could be; others may follow at once.
};

/// What became of a partition: its cursor, and marks that are applied.
struct Settlement {
    std::uint32_t partition = 0;
    std::string cursor;
    std::vector<AppliedMark> marks;
};

/// Some of the marks that the source knows as applied.
struct Survey {
    std::vector<AppliedMark> applied;
    std::string next;  // Where the rest begins; empty when that was all.
};

/// The streams of the partitions, as central sees them. The sink's cursor is the only truth about
/// how far it has read. The source keeps a copy for people and for trimming.
///
/// Transient: the source is away, for all partitions. Misconfigured: a person must repair what the
/// detail names; when a partition was asked for, the others are not concerned.
class Source {
  public:
    virtual ~Source() = default;

    /// The random identity of the stored data set. A new one means that the store was emptied or
    /// replaced: read from the beginning.
    virtual base::Result<std::string> lineage() = 0;

    /// What follows each position, in their order and in one round trip: at most `entries_max`
    /// entries in all, but one a position at least.
    virtual base::Result<std::vector<base::Result<Batch>>> read_all(
        const std::vector<Position>& positions, std::size_t entries_max) = 0;

    /// After a commit, for each partition and in one round trip: raises the applied marks, sets the
    /// cursor, and trims what every sink is done with. Safe to repeat. Malformed, with nothing
    /// changed, when the cursor is ahead of the stream because an older copy of the store came
    /// back. Then read from "0-0".
    virtual base::Result<std::vector<base::Status>> settle_all(
        const std::vector<Settlement>& settlements) = 0;

    /// The same for one partition.
    base::Result<std::vector<Entry>> read(std::uint32_t partition, const std::string& cursor,
                                          std::size_t entries_max);
    base::Status settle(std::uint32_t partition, const std::string& cursor,
                        const std::vector<AppliedMark>& marks);

    /// For records that are missing: sets the node's durable mark back, so that it sends again from
    /// mark.seq + 1, and its applied mark, if that is beyond it.
    virtual base::Status rewind(std::uint32_t partition, const AppliedMark& to) = 0;

    /// The applied marks of all nodes, a page at a time; `from` is empty, or `next` of the page
    /// before. Misconfigured when the source cannot say.
    virtual base::Result<Survey> survey(const std::string& from) = 0;
};

}  // namespace ingest
