#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace agent {

/// One use of a prepared statement; it is free for the next use when this ends. Values that were
/// given must outlive it.
class Query {
  public:
    Query(sqlite3* database, sqlite3_stmt* statement)
        : database_(database), statement_(statement) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// The next parameter, from left to right.
    Query& give(std::int64_t number);
    Query& give(std::uint64_t number) { return give(static_cast<std::int64_t>(number)); }
    Query& give(std::string_view text);
    Query& give(std::span<const std::uint8_t> bytes);

    /// True when there is a row to look at. Faults as Database has them.
    base::Result<bool> next();

    /// Runs to the end; rows are of no interest.
    base::Status run();

    std::int64_t integer(int column) const;
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    /// Valid until the next call of next().
    std::string_view text(int column) const;
    std::span<const std::uint8_t> bytes(int column) const;

  private:
    sqlite3* database_;
    sqlite3_stmt* statement_;
    int given_ = 0;
};

/// One SQLite file, opened so that a commit that returned is on the disk, by one process only.
/// Faults: malformed when the file is damaged, exhausted when it or its disk is full, misconfigured
/// when it cannot be opened or somebody else has it, transient for every other error of the disk;
/// after a transient or malformed one only a new Database may be trusted.
class Database {
  public:
    struct Options {
        std::string path;
        std::string vfs;              // Empty: the system's.
        std::uint64_t pages_max = 0;  // Of kPageBytes.
    };

    /// A sector of a card. A commit writes every page that it touches: with small ones a flush of
    /// few readings costs little more than its lines. A file with other pages is rewritten once.
    static constexpr std::uint64_t kPageBytes = 512;

    Database() = default;
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Opens or creates the file and looks through all of it once (PRAGMA quick_check).
    base::Status open(const Options& options);

    /// The file, or its log, is no longer at the path where it was opened: it was removed, renamed
    /// or replaced, and what is committed here would be gone with the process. Cheap; false when
    /// that cannot be told.
    bool is_taken_away(const std::string& path) const;

    /// Writes all of it, synced, into a file that must not be there yet.
    base::Status copy_to(const std::string& path);

    /// Runs statements that need no values and whose rows are of no interest.
    base::Status execute(const char* sql);

    /// A statement, prepared at its first use. The text must be a literal.
    Query query(const char* sql);

    /// The first number that a statement yields; 0 when it yields none.
    base::Result<std::int64_t> number(const char* sql);

  private:
    base::Status check();
    base::Status adopt_pages();

    /// Which file a path means.
    struct Identity {
        std::string path;
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };
    void note_identity(const std::string& path);

    sqlite3* handle_ = nullptr;
    std::vector<Identity> identities_;  // None where the file system is not the machine's.
    std::map<std::string_view, sqlite3_stmt*> statements_;
};

/// All or nothing: what was not committed at its end is rolled back.
class Transaction {
  public:
    explicit Transaction(Database& database)
        : database_(database), begun_(database.execute("BEGIN IMMEDIATE")) {}
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    const base::Status& begun() const { return begun_; }
    base::Status commit();

  private:
    Database& database_;
    base::Status begun_;
    bool open_ = true;
};

}  // namespace agent
