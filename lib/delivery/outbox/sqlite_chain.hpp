#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delivery/outbox/inventory.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/outbox/sqlite_records.hpp"
#include "wire/chain.hpp"

namespace delivery {

/// The stored records as a chain of numbers and hashes, with the hole that thinning may leave in
/// it. Change it only within a transaction, and restore it after a rollback.
class SqliteChain {
  public:
    explicit SqliteChain(SqliteRecords& records) : records_(records) {}

    /// Reads the ends of the chain from the file. What is reserved counts as sent.
    base::Status load();

    const ChainEnds& ends() const { return ends_; }
    void restore(const ChainEnds& ends);

    // As in Outbox.
    base::Result<std::vector<StoredRecord>> read(std::uint64_t after, std::size_t records_max,
                                                 std::size_t bytes_max);
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq);
    base::Result<std::uint64_t> bytes_after(std::uint64_t seq);

    base::Status append(std::string line, const Flush::Content& content, Detail detail);

    /// Erases everything up to `seq`, whose hash is given, and the hole with it when it reaches it.
    base::Status erase_upto(std::uint64_t seq, const wire::ChainHash& hash);

    /// Records up to here may have been sent, as far as this process knows.
    std::uint64_t sent() const { return sent_; }
    /// Makes sure that the file says so, too: reserves some numbers ahead.
    base::Status reserve(std::uint64_t upto);
    void mark_sent(std::uint64_t upto);
    void mark_reserved_as_sent();

    /// The number after which records may be thinned. Nothing while none may be: there is one hole
    /// at most, and a part of what may have been sent is above it.
    std::optional<std::uint64_t> thinnable_after() const;
    /// All that may be thinned. Valid until the next change of this.
    base::Result<Inventory*> thinnable();
    /// Erases what lies between `before`, which is thinnable_after(), and `upto`, whose hash is
    /// given.
    base::Status erase_thinned(std::uint64_t before, std::uint64_t upto,
                               const wire::ChainHash& hash);

    /// Gives the records after `stored_upto` new numbers, from 1, in the new incarnation.
    base::Status fork(std::uint64_t stored_upto, const std::string& node,
                      wire::Incarnation incarnation);

  private:
    base::Status renumber(std::uint64_t after, std::optional<wire::ChainHash> before,
                          const ChainEnds& old);
    SqliteRecords::Row renumbered(SqliteRecords::Row row, bool is_damaged,
                                  wire::Incarnation old) const;
    base::Result<std::uint64_t> bytes_between(std::uint64_t after, std::uint64_t upto);
    bool fits(const wire::ChainHash& before, const StoredRecord& record) const;

    SqliteRecords& records_;
    wire::Chain chain_;
    ChainEnds ends_;
    std::uint64_t sent_ = 0;
    std::optional<Inventory> inventory_;  // None: not known.
};

}  // namespace delivery
