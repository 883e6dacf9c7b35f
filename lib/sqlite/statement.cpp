#include "sqlite/statement.hpp"

#include <sqlite3.h>

#include "base/ensure.hpp"
#include "sqlite/error.hpp"

namespace sqlite {

Statement::Statement(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

bool Statement::is_busy() const {
    return statement_ != nullptr && sqlite3_stmt_busy(statement_) != 0;
}

void Statement::check_bound(int code) const {
    ENSURE(statement_ == nullptr || code == SQLITE_OK);
}

void Statement::bind(int place, std::int64_t number) {
    check_bound(sqlite3_bind_int64(statement_, place, number));
}

void Statement::bind(int place, double number) {
    check_bound(sqlite3_bind_double(statement_, place, number));
}

void Statement::bind(int place, std::string_view text) {
    // SQLite would read a text without an address as NULL.
    const char* data = text.empty() ? "" : text.data();
    check_bound(
        sqlite3_bind_text64(statement_, place, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int place, std::span<const std::uint8_t> bytes) {
    check_bound(sqlite3_bind_blob64(statement_, place, bytes.data(), bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int place) {
    check_bound(sqlite3_bind_null(statement_, place));
}

base::Result<bool> Statement::next(int bound) {
    // The connection still knows why the statement could not be prepared.
    if (statement_ == nullptr) return error_of(connection_, sqlite3_extended_errcode(connection_));
    ENSURE(bound == sqlite3_bind_parameter_count(statement_));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return error_of(connection_, sqlite3_extended_errcode(connection_));
}

base::Status Statement::run(int bound) {
    for (;;) {
        const auto row = next(bound);
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
    }
}

std::uint64_t Statement::changed() const {
    return static_cast<std::uint64_t>(sqlite3_changes(connection_));
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::number(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view Statement::text(int column) const {
    const void* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {static_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    return {static_cast<const std::uint8_t*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Statement::reset() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

}  // namespace sqlite
