#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "delivery/outbox/extent.hpp"
#include "delivery/records/flush.hpp"
#include "wire/ack.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

namespace delivery {

/// A committed record.
struct StoredRecord {
    std::uint64_t seq = 0;
    wire::ChainHash hash;  // h(seq)
    std::string line;

    /// The line does not fit its hash: the disk returned other bytes than it was given. It must not
    /// be sent; a fork() puts a gap record in its place.
    bool damaged = false;
};

/// Records committed and not yet deleted, oldest first. What append() has accepted survives a crash
/// and a power cut; a sequence number is never given twice within an incarnation.
class Outbox {
  public:
    virtual ~Outbox() = default;

    /// Commits the flush. Deletes settled records lazily, in the same transaction, when their room
    /// is needed. Near the quota it thins the oldest that were never sent
    /// (delivery/outbox/thinning.hpp), and when even that is not enough it evicts the oldest; gap
    /// records declare both. The newest record is never deleted. The same flush may be handed in
    /// again after an error: it is never stored twice, even when the first try did reach the disk.
    virtual base::Status append(const Flush& flush) = 0;

    /// To be called before a record is sent for the first time: from now on, and after a crash too,
    /// the records up to `upto` count as sent and are never thinned. Cheap when they did already.
    virtual base::Status reserve(std::uint64_t upto) = 0;

    /// Records after `after`, oldest first: at most `records_max`, and at most `bytes_max` of lines
    /// (but at least one record, when there is one). Stops at the hole and before a damaged record;
    /// a damaged record comes alone.
    virtual base::Result<std::vector<StoredRecord>> read(std::uint64_t after,
                                                         std::size_t records_max,
                                                         std::size_t bytes_max) const = 0;

    /// h(seq): for every stored record, for the one before the lowest, for the last one in the
    /// hole, and for 0 while nothing was deleted. Nothing for any other.
    virtual base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const = 0;

    /// Begins a new incarnation. Records up to `stored_upto` are known to be stored elsewhere under
    /// the old one and are deleted; the others get new numbers from 1 and an origin, and are not
    /// thinned: they may have been sent. A gap record replaces a damaged one.
    virtual base::Status fork(std::uint64_t stored_upto) = 0;

    virtual Extent extent() const = 0;

    /// Bytes of the lines after `seq`: what is still to be settled. Records that are deleted count
    /// 0.
    virtual std::uint64_t bytes_after(std::uint64_t seq) const = 0;

    /// The committed position of a sensor.
    virtual std::optional<std::string> position(const std::string& sensor) const = 0;
};

}  // namespace delivery
