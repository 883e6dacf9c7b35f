#pragma once

#include <memory>

#include "base/result.hpp"
#include "odbc/connection.hpp"

namespace odbc {

/// Everything that is done on the connection while it lives, all or nothing. Rolls back, when it
/// ends, whatever was not committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Nothing may be done in a transaction that could not begin.
    const base::Status& begun() const { return begun_; }

    /// When it fails with a transient error, nobody knows whether the server has committed.
    base::Status commit();

  private:
    base::Status set_automatic(bool is_automatic);

    std::shared_ptr<Session> session_;
    base::Status begun_;
    bool is_open_;
};

}  // namespace odbc
