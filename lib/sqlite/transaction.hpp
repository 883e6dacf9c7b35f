#pragma once

#include "sql/transaction.hpp"

namespace sqlite {

using sql::Transaction;

}  // namespace sqlite
