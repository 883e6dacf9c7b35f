#include "sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "sqlite/error.hpp"
#include "sqlite/statement.hpp"

namespace sqlite {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;

namespace {

/// The path, with what has a meaning in a URI escaped (sqlite.org/uri.html).
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        const bool has_meaning = c == '%' || c == '?' || c == '#';
        uri += has_meaning ? fmt::format("%{:02X}", c) : std::string(1, c);
    }
    return uri + "?immutable=1";
}

}  // namespace

void Database::Closer::operator()(sqlite3* connection) const noexcept {
    sqlite3_close(connection);
}

Database::Database(sqlite3* connection, const Options& options)
    : path_(options.path),
      is_exclusive_(options.is_exclusive),
      connection_(connection),
      file_(options.path) {}

Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const Options& options) {
    const bool is_read_only = options.is_read_only || options.is_immutable;
    const int access =
        is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int naming = options.is_immutable ? SQLITE_OPEN_URI : 0;
    const auto name = options.is_immutable ? immutable_uri(options.path) : options.path;
    // Of one thread: without it SQLite locks a mutex for every value of a row.
    const int threading = SQLITE_OPEN_NOMUTEX;
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &connection,
                                     access | naming | threading | SQLITE_OPEN_EXRESCODE,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    Database database{connection, options};  // Closes it whatever follows.
    if (code != SQLITE_OK) {
        return opening_error_of(nullptr, code, options.path, options.is_exclusive);
    }
    // SQLite opens such a file, too, but fails at the first lock with an unclear reason.
    if (!is_read_only && sqlite3_db_readonly(connection, "main") == 1) {
        return Error{Fault::transient,
                     fmt::format("{} cannot be written: its disk is read-only, or it belongs to "
                                 "another user",
                                 options.path)};
    }
    if (auto configured = database.configure(options); !configured) return configured.error();
    return database;
}

/// None of these settings reads the file. The lock comes first: an exclusive connection must never
/// use shared memory. Without it and without a second connection the WAL-reset bug of SQLite 3.7.0
/// to 3.51.2 (sqlite.org/wal.html) cannot happen.
Status Database::configure(const Options& options) {
    sqlite3_busy_timeout(connection_.get(), static_cast<int>(options.busy_timeout.count()));
    if (options.is_read_only) {
        sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    std::string settings;
    if (options.is_exclusive) settings += "PRAGMA locking_mode=EXCLUSIVE;";
    if (options.page_bytes > 0) settings += fmt::format("PRAGMA page_size={};", options.page_bytes);
    settings +=
        "PRAGMA mmap_size=0;PRAGMA cell_size_check=ON;PRAGMA trusted_schema=OFF;"
        "PRAGMA temp_store=MEMORY;";
    return execute_opening(settings);
}

Status Database::begin_log(const LogOptions& options) {
    auto settings = fmt::format(
        "PRAGMA auto_vacuum=NONE;PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA wal_autocheckpoint={};PRAGMA journal_size_limit={};",
        options.checkpoint_pages, options.bytes_max);
    // The lock is acquired now, not at the first record.
    if (is_exclusive_) settings += "BEGIN IMMEDIATE;COMMIT;";
    return execute_opening(settings);
}

Status Database::execute_opening(const std::string& sql) {
    const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return Done{};
    return opening_error_of(connection_.get(), code, path_, is_exclusive_);
}

Status Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return Done{};
    return error_of(connection_.get(), code);
}

sql::Statement& Database::statement(std::string_view sql, sql::Use /*use*/) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return *known->second;
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                       SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    auto statement = std::make_unique<Statement>(connection_.get(), prepared);
    if (prepared != nullptr) return *statements_.emplace(sql, std::move(statement)).first->second;
    unprepared_ = std::move(statement);
    return *unprepared_;
}

Status Database::begin() {
    return query("BEGIN IMMEDIATE").run();
}

Status Database::commit() {
    return query("COMMIT").run();
}

void Database::roll_back() {
    [[maybe_unused]] const auto undone = query("ROLLBACK").run();
}

Result<std::vector<std::string>> Database::tables() {
    std::vector<std::string> names;
    auto query = this->query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return names;
        names.push_back(query.string(0));
    }
}

Result<bool> Database::has_column(const std::string& table, std::string_view column) {
    auto query = this->query("SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
    return query.bind(table).bind(column).next();
}

}  // namespace sqlite
