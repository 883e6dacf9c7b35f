#pragma once

#include <functional>
#include <memory>

#include "agent/outbox/outbox.hpp"
#include "base/random.hpp"

namespace agent {

struct SqliteOutboxOptions {
    std::string path = "/var/lib/leat/agent/outbox.db";

    /// Whose records these are. A file of another node is refused.
    std::string node;

    /// What the file may grow to; at least kQuotaMin. The write-ahead log beside it takes about
    /// 1 MiB more.
    std::uint64_t quota = 64 * 1024 * 1024;

    /// Settled records stay until this share of the quota is used: the centre may ask for them.
    std::uint64_t retained_percent = 50;

    /// Near the quota: thin the oldest records before anything is evicted.
    bool thin = true;

    /// How many damaged files are kept aside for a person to look at.
    std::size_t damaged_kept = 3;

    /// SQLite's name of the file system; empty: the machine's. The simulation has one of its own.
    std::string vfs;

    std::function<std::uint64_t()> new_incarnation = base::entropy;
};

/// The outbox in one SQLite file: write-ahead log, synchronous=FULL, one connection, a fixed quota.
/// After an error of the disk it trusts nothing before it has opened the file anew. A damaged file
/// is put aside and a new one, of a new incarnation, is begun.
class SqliteOutbox final : public Outbox {
  public:
    static constexpr std::uint64_t kQuotaMin = 256 * 1024;

    /// Misconfigured when the file belongs to another node, is in use, or cannot be opened; the
    /// detail says what to do.
    static base::Result<std::unique_ptr<SqliteOutbox>> open(SqliteOutboxOptions options);

    ~SqliteOutbox() override;

    base::Status append(const Flush& flush) override;
    base::Status reserve(std::uint64_t upto) override;
    base::Result<std::vector<StoredRecord>> read(std::uint64_t after, std::size_t records_max,
                                                 std::size_t bytes_max) const override;
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override;
    base::Status fork(std::uint64_t stored_upto) override;
    Extent extent() const override;
    std::uint64_t bytes_after(std::uint64_t seq) const override;
    std::optional<std::string> position(const std::string& sensor) const override;

    /// Damaged files put aside, and re-openings after an error of the disk, in this process's life.
    std::uint64_t damaged() const;
    std::uint64_t reopened() const;

  private:
    class Store;
    explicit SqliteOutbox(std::unique_ptr<Store> store);

    std::unique_ptr<Store> store_;
};

}  // namespace agent
