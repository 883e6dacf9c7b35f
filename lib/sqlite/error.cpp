#include "sqlite/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace sqlite {

namespace {

using base::Error;
using base::Fault;

/// The kind of failure, without SQLite's details of it.
int primary(int code) {
    return code & 0xff;
}

Fault fault_of(int code) {
    switch (primary(code)) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Fault::malformed;
        case SQLITE_FULL:
            return Fault::exhausted;
        default:
            return Fault::transient;
    }
}

std::string reason_of(sqlite3* connection, int code) {
    const char* reason = connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
    return fmt::format("{} ({})", reason, code);
}

/// What a person must change; nothing when that is not what the code means.
const char* obstacle_of(int code, bool is_exclusive) {
    switch (primary(code)) {
        case SQLITE_BUSY:
            return is_exclusive
                       ? "is in use by another process; stop that one, or choose another path"
                       : nullptr;
        case SQLITE_CANTOPEN:
            return "cannot be opened; its folder must exist and be writable";
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return "cannot be written; check its owner";
        default:
            return nullptr;
    }
}

}  // namespace

Error error_of(sqlite3* connection, int code) {
    const char* path = sqlite3_db_filename(connection, "main");
    return {fault_of(code),
            fmt::format("{}: {}", path == nullptr ? "" : path, reason_of(connection, code))};
}

Error opening_error_of(sqlite3* connection, int code, const std::string& path, bool is_exclusive) {
    const auto* obstacle = obstacle_of(code, is_exclusive);
    const auto reason = reason_of(connection, code);
    if (obstacle == nullptr) return {fault_of(code), fmt::format("{}: {}", path, reason)};
    return {Fault::misconfigured, fmt::format("{} {}: {}", path, obstacle, reason)};
}

}  // namespace sqlite
