#include "odbc/session.hpp"

#include <array>

#include "base/ensure.hpp"
#include "odbc/utf16.hpp"

namespace odbc {

Session::~Session() {
    if (is_connected) SQLDisconnect(connection);
    if (connection != SQL_NULL_HDBC) SQLFreeHandle(SQL_HANDLE_DBC, connection);
    if (environment != SQL_NULL_HENV) SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

Diagnosis diagnosis_of(SQLSMALLINT type, SQLHANDLE handle, std::string_view state) {
    constexpr SQLSMALLINT kRecordsMax = 20;
    Diagnosis found{.state = "HY000", .message = "the driver does not say why"};
    for (SQLSMALLINT record = 1; record <= kRecordsMax; ++record) {
        std::array<char16_t, 6> code{};
        std::array<char16_t, 1'000> text{};
        SQLINTEGER native = 0;
        SQLSMALLINT units = 0;
        const auto told =
            SQLGetDiagRecW(type, handle, record, reinterpret_cast<SQLWCHAR*>(code.data()), &native,
                           reinterpret_cast<SQLWCHAR*>(text.data()),
                           static_cast<SQLSMALLINT>(text.size()), &units);
        if (!is_done(told)) break;
        auto code_text = to_utf8(std::u16string_view{code.data()});
        if (!code_text.starts_with(state)) continue;
        return {.state = std::move(code_text),
                .native = native,
                .message = to_utf8(std::u16string_view{text.data()})};
    }
    return found;
}

std::u16string utf16_of(std::string_view text) {
    auto units = to_utf16(text);
    ENSURE(units);
    return *std::move(units);
}

}  // namespace odbc
