#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

// As schema_mark.hpp has them, for each kind of database.
base::Result<std::int64_t> sqlite_version(sql::Database& database);
base::Result<std::int64_t> begin_sqlite(sql::Database& database);
base::Status mark_sqlite(sql::Database& database);

base::Result<std::int64_t> postgres_version(sql::Database& database);
base::Result<std::int64_t> begin_postgres(sql::Database& database);
base::Status mark_postgres(sql::Database& database);

}  // namespace sinks
