#pragma once

#include "sql/query.hpp"

namespace sqlite {

using sql::Query;

}  // namespace sqlite
