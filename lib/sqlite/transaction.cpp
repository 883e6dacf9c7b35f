#include "sqlite/transaction.hpp"

namespace sqlite {

Transaction::Transaction(Database& database)
    : database_(database),
      begun_(database.query("BEGIN IMMEDIATE").run()),
      is_open_(static_cast<bool>(begun_)) {}

Transaction::~Transaction() {
    if (!is_open_) return;
    // A failed rollback does no harm: after the error that led here the connection is not trusted
    // any more.
    [[maybe_unused]] const auto undone = database_.query("ROLLBACK").run();
}

base::Status Transaction::commit() {
    auto committed = database_.query("COMMIT").run();
    if (committed) is_open_ = false;
    return committed;
}

}  // namespace sqlite
