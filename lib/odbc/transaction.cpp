#include "odbc/transaction.hpp"

#include "odbc/session.hpp"

namespace odbc {

Transaction::Transaction(Connection& connection)
    : session_(connection.session_),
      begun_(set_automatic(false)),
      is_open_(static_cast<bool>(begun_)) {}

Transaction::~Transaction() {
    if (!is_open_) return;
    SQLEndTran(SQL_HANDLE_DBC, session_->connection, SQL_ROLLBACK);
    auto ignored = set_automatic(true);  // A connection that is gone is found out by its next use.
    static_cast<void>(ignored);
}

base::Status Transaction::commit() {
    const auto code = SQLEndTran(SQL_HANDLE_DBC, session_->connection, SQL_COMMIT);
    if (!is_done(code)) {
        return explain(diagnosis_of(SQL_HANDLE_DBC, session_->connection), "commit");
    }
    is_open_ = false;
    return set_automatic(true);
}

base::Status Transaction::set_automatic(bool is_automatic) {
    const auto wanted = is_automatic ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF;
    const auto code = SQLSetConnectAttr(session_->connection, SQL_ATTR_AUTOCOMMIT,
                                        attribute(wanted), SQL_IS_UINTEGER);
    if (is_done(code)) return base::Done{};
    return explain(diagnosis_of(SQL_HANDLE_DBC, session_->connection), "begin a transaction");
}

}  // namespace odbc
