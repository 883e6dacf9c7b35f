#pragma once

#include <cstdint>

#include "delivery/outbox/sqlite_chain.hpp"
#include "delivery/outbox/sqlite_options.hpp"
#include "delivery/outbox/sqlite_records.hpp"

namespace delivery {

/// Makes room for a flush within the quota: settled records are deleted, then the oldest are
/// thinned, and in the end evicted. A value: after a rollback the old one is put back.
class SqliteRoom {
  public:
    explicit SqliteRoom(const SqliteOutboxOptions& options);

    /// Within a transaction. Appends gap records for what is thinned or evicted. May end with less
    /// room than wanted: the newest record is never deleted.
    base::Status make(SqliteChain& chain, SqliteRecords& records, std::uint64_t settled,
                      std::uint64_t pages_needed);

    /// Records evicted, and records that gave way to coarser ones.
    std::uint64_t evicted() const { return evicted_; }
    std::uint64_t thinned() const { return thinned_; }

  private:
    struct Need;

    base::Status delete_settled(const Need& need, std::uint64_t settled);
    base::Status thin(const Need& need);
    base::Result<bool> thin_once(SqliteChain& chain, SqliteRecords& records);
    base::Status evict(const Need& need);

    std::uint64_t quota_;
    std::uint64_t pages_max_;
    std::uint64_t pages_retained_;
    bool can_thin_;
    bool is_thinning_due_ = false;
    std::uint64_t evicted_ = 0;
    std::uint64_t thinned_ = 0;
};

}  // namespace delivery
