#pragma once

#include <memory>

#include "delivery/outbox/outbox.hpp"
#include "delivery/outbox/sqlite_file.hpp"
#include "delivery/outbox/sqlite_options.hpp"
#include "delivery/outbox/sqlite_room.hpp"

namespace delivery {

/// The outbox in one SQLite file: write-ahead log, synchronous=FULL, one connection, a fixed quota.
/// After a disk error it reopens the file before it trusts anything in it. A damaged file is put
/// aside and a new one, of a new incarnation, is begun.
class SqliteOutbox final : public Outbox {
  public:
    static constexpr std::uint64_t kQuotaMin = 256 * 1024;

    /// Misconfigured when the file belongs to another node, is in use, or cannot be opened; the
    /// detail says what to do.
    static base::Result<std::unique_ptr<SqliteOutbox>> open(const SqliteOutboxOptions& options);

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
    std::uint64_t damaged() const { return file_.damaged(); }
    std::uint64_t reopened() const { return file_.reopened(); }

  private:
    /// A flush whose commit failed, but which may have reached the disk.
    struct Doubt {
        wire::ChainHash head_hash;  // The head's hash if it did; the rest of the file may differ.
        std::vector<std::string> lines;
    };

    explicit SqliteOutbox(const SqliteOutboxOptions& options) : file_(options), room_(options) {}

    bool was_stored(const Flush& flush);
    base::Status try_append(const Flush& flush, unsigned attempt);
    base::Status write(const Flush& flush);
    base::Status commit_reserved(std::uint64_t upto);
    base::Status try_fork(std::uint64_t stored_upto);

    mutable SqliteFile file_;  // Mutable, because reading may have to reopen it.
    SqliteRoom room_;
    std::optional<Doubt> doubt_;
};

}  // namespace delivery
