#pragma once

#include <string>

#include "base/result.hpp"
#include "sql/database.hpp"

/// Where making what is there already would wait for every reader, central remembers what it has
/// made. PostgreSQL keeps that in `meta`; SQLite makes it again at every start, in no time.
namespace sinks {

/// Whether all that has this digest was made, and as much is still there.
base::Result<bool> is_made(sql::Database& database, const std::string& digest);

/// Within the transaction that made it.
base::Status note_made(sql::Database& database, const std::string& digest);

}  // namespace sinks
