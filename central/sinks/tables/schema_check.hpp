#pragma once

#include <string>

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Whether the database has every table, column and unique key that these statements make; more
/// does no harm. Misconfigured, with the first that is missing. Changes nothing.
base::Status check_tables(sql::Database& database, const std::string& statements);

}  // namespace sinks
