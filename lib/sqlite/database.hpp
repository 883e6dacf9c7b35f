#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sqlite/query.hpp"

/// The only place that knows SQLite: one connection to one file.
namespace sqlite {

struct Options {
    std::string path;

    /// SQLite's name of the file system; empty: the machine's.
    std::string vfs{};

    /// Opens the file, which must exist, for reading only, and never writes the log back. Without
    /// this a missing file is created.
    bool is_read_only = false;

    /// Reads the file as it lies there: without locks, without its log, and without making any
    /// file. Only for a file that nobody else has open.
    bool is_immutable = false;

    /// Locks the file from the first access to the end: no other connection can even read it.
    bool is_exclusive = false;

    /// How long a statement waits for another connection.
    base::Duration busy_timeout = std::chrono::seconds{1};

    /// The page size of a new file; 0: SQLite's default.
    std::uint64_t page_bytes = 0;
};

/// The write-ahead log.
struct LogOptions {
    /// The log is written back into the file when it has this many pages,
    std::uint64_t checkpoint_pages = 1'000;
    /// and is then truncated to this size.
    std::uint64_t bytes_max = 1024 * 1024;
};

/// One connection to a database file, for one thread at a time. Faults: malformed when the file is
/// damaged, exhausted when it or its disk is full, misconfigured when open() or begin_log() need a
/// person's help, transient for everything else. After a transient or malformed one only a new
/// connection can be trusted.
class Database {
  public:
    /// Does not read the file yet: the first access shows whether it is a database.
    static base::Result<Database> open(const Options& options);

    Database(Database&&) = default;
    Database& operator=(Database&&) = delete;
    ~Database() = default;

    /// Switches to a write-ahead log that is synced with every commit: from now on, a commit that
    /// has returned is on disk. Changes the file. An exclusive connection holds the file when this
    /// returns.
    base::Status begin_log(const LogOptions& options);

    /// Executes statements, separated by semicolons, that need no values and whose rows do not
    /// matter.
    base::Status execute(const std::string& sql);

    /// A statement, prepared at its first use and kept. Bind values instead of writing them into
    /// the text, so that there are few statements.
    Query query(std::string_view sql);

    /// The first number that a statement yields; 0 when it yields none.
    base::Result<std::int64_t> number(std::string_view sql);

    const std::string& path() const { return path_; }

  private:
    struct Closer {
        void operator()(sqlite3* connection) const noexcept;
    };
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

    Database(sqlite3* connection, const Options& options);
    base::Status configure(const Options& options);
    base::Status execute_opening(const std::string& sql);

    std::string path_;
    bool is_exclusive_;
    std::unique_ptr<sqlite3, Closer> connection_;
    std::map<std::string, Statement, std::less<>> statements_;  // Gone before the connection.
};

}  // namespace sqlite
