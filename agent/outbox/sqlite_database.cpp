#include "agent/outbox/sqlite_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/ensure.hpp"

namespace agent {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;

constexpr int kBusyWaitMilliseconds = 1000;

Fault fault_of(int code) {
    switch (code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Fault::malformed;
        case SQLITE_FULL:
            return Fault::exhausted;
        case SQLITE_BUSY:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return Fault::misconfigured;
        default:
            return Fault::transient;
    }
}

std::string advice(int code, const std::string& path) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
            return fmt::format(
                "{} is in use by another process; stop the other leat-agent, or give this one "
                "another [outbox] path",
                path);
        case SQLITE_CANTOPEN:
            return fmt::format("{} cannot be opened; its folder must exist and be writable", path);
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return fmt::format("{} cannot be written; check its owner", path);
        default:
            return path;
    }
}

Error error_of(sqlite3* handle, int code) {
    const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
    const char* reason = handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
    return {fault_of(code),
            fmt::format("{}: {} ({})", advice(code, file == nullptr ? "" : file), reason, code)};
}

}  // namespace

Query::~Query() {
    if (statement_ == nullptr) return;  // It could not be prepared; SQLite does not look.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Query& Query::give(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++given_, number);
    return *this;
}

Query& Query::give(std::string_view text) {
    sqlite3_bind_text64(statement_, ++given_, text.data(), text.size(), nullptr, SQLITE_UTF8);
    return *this;
}

Query& Query::give(std::span<const std::uint8_t> bytes) {
    sqlite3_bind_blob64(statement_, ++given_, bytes.data(), bytes.size(), nullptr);
    return *this;
}

Result<bool> Query::next() {
    // No statement: preparing it failed, and the connection still knows why.
    if (statement_ == nullptr) return error_of(database_, sqlite3_extended_errcode(database_));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return error_of(database_, sqlite3_extended_errcode(database_));
}

Status Query::run() {
    for (;;) {
        const auto row = next();
        if (!row) return row.error();
        if (!row.value()) return Done{};
    }
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Query::text(int column) const {
    const void* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {static_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::uint8_t> Query::bytes(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    return {static_cast<const std::uint8_t*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Database::~Database() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

Status Database::open(const Options& options) {
    ENSURE(handle_ == nullptr);
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(options.path.c_str(), &handle_, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (code != SQLITE_OK) {
        return Error{fault_of(code),
                     fmt::format("{}: {}", advice(code, options.path), sqlite3_errstr(code))};
    }
    // SQLite opens such a file all the same, and fails at the first lock with words for nobody.
    if (sqlite3_db_readonly(handle_, "main") == 1) {
        return Error{Fault::transient,
                     fmt::format("{} cannot be written: its disk is read-only, or it belongs to "
                                 "another user",
                                 options.path)};
    }
    sqlite3_busy_timeout(handle_, kBusyWaitMilliseconds);
    // locking_mode comes before anything that reads the file (auto_vacuum does): then there is no
    // shared memory and no second connection, and the WAL-reset bug of SQLite 3.7.0 to 3.51.2
    // (sqlite.org/wal.html) cannot happen.
    const auto settings = fmt::format(
        "PRAGMA locking_mode=EXCLUSIVE;PRAGMA page_size={};PRAGMA auto_vacuum=NONE;"
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=2048;"
        "PRAGMA journal_size_limit=1048576;PRAGMA mmap_size=0;PRAGMA cell_size_check=ON;"
        "PRAGMA trusted_schema=OFF;PRAGMA temp_store=MEMORY;"
        "BEGIN IMMEDIATE;COMMIT",  // Takes the lock now, not at the first record.
        kPageBytes);
    if (auto set = execute(settings.c_str()); !set) return set;
    if (auto good = check(); !good) return good;
    if (auto adopted = adopt_pages(); !adopted) return adopted;
    note_identity(options.path);
    note_identity(options.path + "-wal");
    return execute(fmt::format("PRAGMA max_page_count={}", options.pages_max).c_str());
}

void Database::note_identity(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) != 0) return;
    identities_.push_back({.path = path, .device = found.st_dev, .inode = found.st_ino});
}

bool Database::is_taken_away(const std::string& path) const {
    return std::any_of(identities_.begin(), identities_.end(), [&](const Identity& known) {
        if (known.path != path) return false;
        struct stat found {};
        if (stat(path.c_str(), &found) != 0) return errno == ENOENT || errno == ENOTDIR;
        return found.st_dev != known.device || found.st_ino != known.inode;
    });
}

Status Database::copy_to(const std::string& path) {
    auto copied = query("VACUUM INTO ?").give(std::string_view{path}).run();
    if (!copied) return copied;
    // What it syncs by itself differs between versions of SQLite.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) close(file);
    if (synced) return Done{};
    return Error{Fault::transient, fmt::format("{}: cannot be synced", path)};
}

/// Rewrites a file of another page size; all or nothing, whenever the power goes. The copy that it
/// makes on the way is as large as the file, too large for memory.
Status Database::adopt_pages() {
    const auto size = number("PRAGMA page_size");
    if (!size) return size.error();
    if (static_cast<std::uint64_t>(size.value()) == kPageBytes) return Done{};
    const auto rewrite = fmt::format(
        "PRAGMA temp_store=FILE;PRAGMA journal_mode=DELETE;PRAGMA page_size={};VACUUM;"
        "PRAGMA journal_mode=WAL;PRAGMA temp_store=MEMORY",
        kPageBytes);
    return execute(rewrite.c_str());
}

Status Database::check() {
    auto query = this->query("PRAGMA quick_check(1)");
    const auto row = query.next();
    if (!row) return row.error();
    if (row.value() && query.text(0) == "ok") return Done{};
    return Error{
        Fault::malformed,
        fmt::format("{}: damaged: {}", sqlite3_db_filename(handle_, "main"), query.text(0))};
}

Status Database::execute(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error_of(handle_, code);
    return Done{};
}

Query Database::query(const char* sql) {
    auto& statement = statements_[sql];
    if (statement == nullptr) {
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    }
    return {handle_, statement};
}

Result<std::int64_t> Database::number(const char* sql) {
    auto query = this->query(sql);
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() ? query.integer(0) : 0;
}

Transaction::~Transaction() {
    // A failed rollback leaves nothing worse: the connection is not trusted after the error that
    // brought us here.
    if (open_ && begun_) [[maybe_unused]]
        const auto undone = database_.execute("ROLLBACK");
}

Status Transaction::commit() {
    auto committed = database_.execute("COMMIT");
    if (committed) open_ = false;
    return committed;
}

}  // namespace agent
