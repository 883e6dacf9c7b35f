#include "sqlite/query.hpp"

#include <sqlite3.h>

#include "base/ensure.hpp"
#include "sqlite/error.hpp"

namespace sqlite {

Query::Query(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {
    // Two uses at once would read each other's rows.
    ENSURE(statement == nullptr || sqlite3_stmt_busy(statement) == 0);
}

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::check_bound(int code) {
    ENSURE(statement_ == nullptr || code == SQLITE_OK);
}

Query& Query::bind(std::int64_t number) {
    check_bound(sqlite3_bind_int64(statement_, ++bound_, number));
    return *this;
}

Query& Query::bind(double number) {
    check_bound(sqlite3_bind_double(statement_, ++bound_, number));
    return *this;
}

Query& Query::bind(std::string_view text) {
    // SQLite would read a text without an address as NULL.
    const char* data = text.empty() ? "" : text.data();
    check_bound(
        sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Query& Query::bind(std::span<const std::uint8_t> bytes) {
    check_bound(
        sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC));
    return *this;
}

Query& Query::bind_null() {
    check_bound(sqlite3_bind_null(statement_, ++bound_));
    return *this;
}

base::Result<bool> Query::next() {
    // The connection still knows why the statement could not be prepared.
    if (statement_ == nullptr) return error_of(connection_, sqlite3_extended_errcode(connection_));
    ENSURE(bound_ == sqlite3_bind_parameter_count(statement_));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return error_of(connection_, sqlite3_extended_errcode(connection_));
}

base::Status Query::run() {
    for (;;) {
        const auto row = next();
        if (!row) return row.error();
        if (!row.value()) return base::Done{};
    }
}

base::Result<std::uint64_t> Query::run_and_count() {
    if (auto done = run(); !done) return done.error();
    return static_cast<std::uint64_t>(sqlite3_changes(connection_));
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Query::number(int column) const {
    return sqlite3_column_double(statement_, column);
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

std::optional<double> Query::optional_number(int column) const {
    if (is_null(column)) return std::nullopt;
    return number(column);
}

std::optional<base::EventTime> Query::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

}  // namespace sqlite
