#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "delivery/outbox/sqlite_chain.hpp"
#include "delivery/outbox/sqlite_options.hpp"
#include "delivery/outbox/sqlite_records.hpp"
#include "sqlite/database.hpp"
#include "sqlite/file_identity.hpp"

namespace delivery {

/// The outbox's file while it is in use, and its recovery. Reopens the file after a disk error,
/// puts a damaged file aside, and restores a file that was removed.
class SqliteFile {
  public:
    explicit SqliteFile(SqliteOutboxOptions options) : options_(std::move(options)) {}

    base::Status open();

    /// Reopens the file if it cannot be trusted. Call it before each use: records and chain exist
    /// only after it has succeeded.
    base::Status recover();

    /// Puts the file back if it is no longer in its place.
    base::Status keep_in_place();

    const SqliteOutboxOptions& options() const { return options_; }
    sqlite::Database& database() { return open_->database; }
    SqliteRecords& records() { return open_->records; }
    SqliteChain& chain() { return open_->chain; }

    /// Passes a result on; after an error of the disk the file is not trusted.
    template <class T>
    base::Result<T> trusted(base::Result<T> result) {
        if (!result && result.error().fault != base::Fault::exhausted) distrust();
        return result;
    }
    void distrust() { is_broken_ = true; }

    /// Remembers what the chain says is committed now, and how many pages it uses.
    void remember(std::uint64_t pages_used);
    void remember() { remember(pages_used_); }

    // The state of the last commit, even while the file cannot be opened.
    const ChainEnds& ends() const { return ends_; }
    std::uint64_t pages_used() const { return pages_used_; }

    /// In this process's life: damaged files put aside, and how often the file was reopened.
    std::uint64_t damaged() const { return damaged_; }
    std::uint64_t reopened() const { return reopened_; }

  private:
    /// State that belongs to one opening of the file.
    struct Opened {
        explicit Opened(sqlite::Database opened) : database(std::move(opened)) {}

        sqlite::Database database;
        SqliteRecords records{database};
        SqliteChain chain{records};
        // Known as soon as there is a log.
        std::optional<sqlite::FileIdentity> file{};
        std::optional<sqlite::FileIdentity> log{};
    };

    base::Status open_file();
    base::Status begin();
    base::Status begin_anew(const base::Error& damage);
    void save_positions();
    base::Status let_successor_in();
    base::Status adopt_successor();
    base::Status put_back();
    /// The file that will be in the place of a damaged one.
    std::string successor() const { return options_.path + ".new"; }

    SqliteOutboxOptions options_;
    std::unique_ptr<Opened> open_;
    bool is_broken_ = true;
    // Read from a damaged file, until there is a good one that has them.
    SqliteRecords::Positions positions_saved_;
    ChainEnds ends_;
    std::uint64_t pages_used_ = 0;
    std::uint64_t damaged_ = 0;
    std::uint64_t reopened_ = 0;
};

}  // namespace delivery
