#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sql/database.hpp"
#include "sqlite/file_identity.hpp"
#include "sqlite/query.hpp"

struct sqlite3;

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

/// One connection to a database file, for one thread. Misconfigured when open() or begin_log() need
/// a person's help.
class Database final : public sql::Database {
  public:
    /// Does not read the file yet: the first access shows whether it is a database.
    static base::Result<Database> open(const Options& options);

    Database(Database&&) noexcept;
    ~Database() override;

    /// Switches to a write-ahead log that is synced with every commit: from now on, a commit that
    /// has returned is on disk. Changes the file. An exclusive connection holds the file when this
    /// returns.
    base::Status begin_log(const LogOptions& options);

    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    const std::string& path() const override { return path_; }
    /// When the path names another file now, or none.
    bool is_lost() const override { return file_.is_lost(); }
    base::Status execute(const std::string& sql) override;
    base::Status begin() override;
    base::Status commit() override;
    void roll_back() override;
    base::Result<std::vector<std::string>> tables() override;
    base::Result<bool> has_column(const std::string& table, std::string_view column) override;

  protected:
    sql::Statement& statement(std::string_view sql, sql::Use use) override;

  private:
    struct Closer {
        void operator()(sqlite3* connection) const noexcept;
    };
    using Statements = std::map<std::string, std::unique_ptr<sql::Statement>, std::less<>>;

    Database(sqlite3* connection, const Options& options);
    base::Status configure(const Options& options);
    base::Status execute_opening(const std::string& sql);

    std::string path_;
    bool is_exclusive_;
    std::unique_ptr<sqlite3, Closer> connection_;
    FileIdentity file_;
    Statements statements_;  // Gone before the connection, as is the next one.
    std::unique_ptr<sql::Statement> unprepared_;
};

}  // namespace sqlite
