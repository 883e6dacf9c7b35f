#pragma once

#include <string>

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// How single readings of different times are kept apart, so that old ones can go at once.
enum class Division {
    none,    ///< One table: SQLite.
    months,  ///< Partitions of reading_block: PostgreSQL.
    chunks,  ///< reading_block is a hypertable: PostgreSQL with TimescaleDB.
};

/// As the table reading_block is. Where there is none, as it is going to be made: in chunks where
/// the extension is installed in the database, as an operator does it.
base::Result<Division> division_of(sql::Database& database);

/// How they are kept apart, for a person, and what the server's edition of TimescaleDB does not
/// have.
base::Result<std::string> division_text(sql::Database& database);

}  // namespace sinks
