#pragma once

#include <memory>

#include "agent/outbox/inventory.hpp"
#include "agent/outbox/removal.hpp"
#include "agent/outbox/sqlite_database.hpp"
#include "agent/outbox/sqlite_outbox.hpp"
#include "agent/outbox/sqlite_records.hpp"
#include "agent/outbox/sqlite_write_meter.hpp"

namespace agent {

/// The open file, what is known of it, and the way back after an error.
class SqliteOutbox::Store {
  public:
    explicit Store(SqliteOutboxOptions options)
        : options_(std::move(options)), meter_(options_.vfs) {}

    base::Status open();
    base::Status append(const Flush& flush);
    base::Status reserve(std::uint64_t upto);
    base::Status fork(std::uint64_t stored_upto);
    base::Result<std::vector<StoredRecord>> read(std::uint64_t after, std::size_t records_max,
                                                 std::size_t bytes_max);
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq);
    std::uint64_t bytes_after(std::uint64_t seq);
    std::optional<std::string> position(const std::string& sensor);
    Extent extent() const;
    std::uint64_t damaged() const { return damaged_; }
    std::uint64_t reopened() const { return reopened_; }

  private:
    /// A flush whose commit failed: it may have reached the disk all the same.
    struct Doubt {
        wire::ChainHash head_hash;  // If it has: nothing else of the file need be the same then.
        std::vector<std::string> lines;
    };

    base::Status open_file();
    base::Status begin_anew(const base::Error& damage);
    base::Status save_positions(const SqliteRecords::Positions& positions);
    base::Status recover();
    base::Status put_back();
    template <class T>
    base::Result<T> trusted(base::Result<T> result);
    base::Status write(const Flush& flush, unsigned attempt);
    base::Status write_lines(const Flush& flush, const Removal& evicted);
    base::Status delete_settled(std::uint64_t settled, std::uint64_t pages_needed);
    base::Status erase_upto(std::uint64_t seq, const wire::ChainHash& hash);
    base::Status thin(std::uint64_t pages_needed);
    base::Result<bool> thin_once();
    base::Status erase_thinned(std::uint64_t before, std::uint64_t upto,
                               const wire::ChainHash& hash);
    base::Result<Removal> evict(std::uint64_t pages_needed);
    base::Status push(std::string line, const Flush::Content& content, Detail detail);
    std::uint64_t bytes_between(std::uint64_t after, std::uint64_t upto);
    base::Status rekey(std::uint64_t stored_upto);
    base::Status rekey_rows(std::uint64_t stored_upto, std::optional<wire::ChainHash> before,
                            const ChainEnds& old);
    bool fits(const wire::ChainHash& before, const StoredRecord& record) const;
    bool was_stored(const Flush& flush);

    SqliteOutboxOptions options_;
    WriteMeter meter_;  // Before the database, which writes through it to its end.
    wire::Chain chain_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<SqliteRecords> records_;
    ChainEnds ends_;
    std::uint64_t pages_used_ = 0;
    std::uint64_t evicted_ = 0;
    std::uint64_t thinned_ = 0;
    std::uint64_t damaged_ = 0;
    std::uint64_t reopened_ = 0;
    std::uint64_t sent_ = 0;              // As ends_.reserved, but what this process knows of it.
    std::optional<Inventory> inventory_;  // Of the records that may be thinned; none: not known.
    bool due_ = false;                    // Thinning has begun.
    bool broken_ = true;
    std::optional<Doubt> doubt_;
    SqliteRecords::Positions rescued_;  // From a damaged file, until the new one has them.
};

}  // namespace agent
