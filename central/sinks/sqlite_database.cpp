#include "central/sinks/sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ensure.hpp"

namespace sinks {

namespace {

constexpr int kBusyTimeoutMs = 2'000;

/// A full disk is a limit, everything else may pass: the pipeline opens the file anew and tries
/// again, and says so as long as it fails.
base::Error error_of(sqlite3* connection) {
    const int code = sqlite3_errcode(connection) & 0xff;
    return {code == SQLITE_FULL ? base::Fault::exhausted : base::Fault::transient,
            fmt::format("sqlite: {}", sqlite3_errmsg(connection))};
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement& Statement::begin() {
    sqlite3_reset(statement_.get());
    bound_ = 0;
    return *this;
}

Statement& Statement::bind(std::int64_t number) {
    ENSURE(sqlite3_bind_int64(statement_.get(), ++bound_, number) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(double number) {
    ENSURE(sqlite3_bind_double(statement_.get(), ++bound_, number) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* data = text.empty() ? "" : text.data();
    ENSURE(sqlite3_bind_text64(statement_.get(), ++bound_, data, text.size(), SQLITE_STATIC,
                               SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(const wire::ChainHash& hash) {
    ENSURE(sqlite3_bind_blob(statement_.get(), ++bound_, hash.bytes.data(),
                             static_cast<int>(hash.bytes.size()), SQLITE_TRANSIENT) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_null() {
    ENSURE(sqlite3_bind_null(statement_.get(), ++bound_) == SQLITE_OK);
    return *this;
}

base::Result<bool> Statement::step() {
    ENSURE(bound_ == sqlite3_bind_parameter_count(statement_.get()));
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    auto* connection = sqlite3_db_handle(statement_.get());
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement_.get());
        return false;
    }
    auto error = error_of(connection);
    sqlite3_reset(statement_.get());
    return error;
}

base::Result<std::uint64_t> Statement::run() {
    for (;;) {
        auto row = step();
        if (!row) return row.error();
        if (!row.value()) break;
    }
    auto* connection = sqlite3_db_handle(statement_.get());
    return static_cast<std::uint64_t>(sqlite3_changes(connection));
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

double Statement::number(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr ? std::string{} : std::string(bytes, static_cast<std::size_t>(size));
}

wire::ChainHash Statement::hash(int column) const {
    wire::ChainHash hash;
    const auto* bytes =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    if (bytes != nullptr) std::copy_n(bytes, std::min(size, hash.bytes.size()), hash.bytes.begin());
    return hash;
}

std::optional<base::EventTime> Statement::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

std::optional<double> Statement::optional_number(int column) const {
    if (is_null(column)) return std::nullopt;
    return number(column);
}

void Database::Closer::operator()(sqlite3* connection) const noexcept {
    sqlite3_close(connection);
}

base::Result<Database> Database::open(const std::string& path, Mode mode) {
    const bool writes = mode == Mode::read_write;
    const int flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
    Database database;
    database.connection_.reset(connection);
    if (code != SQLITE_OK) {
        return base::Error{base::Fault::transient,
                           fmt::format("{}: {}", path, sqlite3_errstr(code))};
    }
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, kBusyTimeoutMs);
    if (!writes) sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return database;
}

base::Status Database::execute(const std::string& text) {
    if (sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
        return base::Done{};
    }
    return error_of(connection_.get());
}

base::Result<Statement> Database::prepare(const std::string& text) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(connection_.get(), text.c_str(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return error_of(connection_.get());
    Statement result;
    result.statement_.reset(statement);
    return result;
}

base::Result<std::int64_t> Database::number(const std::string& query) {
    auto prepared = prepare(query);
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    auto row = statement.begin().step();
    if (!row) return row.error();
    return row.value() ? statement.integer(0) : 0;
}

std::int64_t Database::last_id() const {
    return sqlite3_last_insert_rowid(connection_.get());
}

std::string span_name(base::Duration span) {
    struct Unit {
        base::Duration length;
        const char* name;
    };
    constexpr std::array<Unit, 5> kUnits{{{std::chrono::hours{24}, "d"},
                                          {std::chrono::hours{1}, "h"},
                                          {std::chrono::minutes{1}, "m"},
                                          {std::chrono::seconds{1}, "s"},
                                          {std::chrono::milliseconds{1}, "ms"}}};
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
        return span % candidate.length == base::Duration::zero();
    });
    return fmt::format("{}{}", span / unit->length, unit->name);
}

}  // namespace sinks
