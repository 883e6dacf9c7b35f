#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "odbc/diagnosis.hpp"
#include "odbc/dialect.hpp"

// Only the sources of this room include it.
namespace odbc {

/// The handles of a connection, which live as long as anything that uses them.
struct Session {
    Session() = default;
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    SQLHENV environment = SQL_NULL_HENV;
    SQLHDBC connection = SQL_NULL_HDBC;
    bool is_connected = false;
    const Dialect* dialect = nullptr;
    std::string server;
    base::Duration statement_timeout{};
};

inline bool is_done(SQLRETURN code) {
    return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO;
}

/// A number, where ODBC takes a pointer or a number.
inline SQLPOINTER attribute(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

/// The first that is told of the handle's last call, whose state begins so.
Diagnosis diagnosis_of(SQLSMALLINT type, SQLHANDLE handle, std::string_view state = {});

/// Text as a driver takes it. ENSUREs UTF-8.
std::u16string utf16_of(std::string_view text);

inline SQLWCHAR* units_of(std::u16string& text) {
    return reinterpret_cast<SQLWCHAR*>(text.data());
}

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

}  // namespace odbc
