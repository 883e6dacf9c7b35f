#include "sql/transaction.hpp"

namespace sql {

Transaction::Transaction(Database& database)
    : database_(database), begun_(database.begin()), is_open_(static_cast<bool>(begun_)) {}

Transaction::~Transaction() {
    if (is_open_) database_.roll_back();
}

base::Status Transaction::commit() {
    auto committed = database_.commit();
    if (committed) is_open_ = false;
    return committed;
}

}  // namespace sql
