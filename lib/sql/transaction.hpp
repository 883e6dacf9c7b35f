#pragma once

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sql {

/// Rolls back, when this ends, whatever was not committed. Holds the write lock from the beginning.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Nothing may be done in a transaction that could not begin.
    const base::Status& begun() const { return begun_; }
    base::Status commit();

  private:
    Database& database_;
    base::Status begun_;
    bool is_open_;
};

}  // namespace sql
