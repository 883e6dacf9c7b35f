#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "sql/database.hpp"

/// Whose the tables of a database are, and of which version: what each kind of database keeps in
/// its own way.
namespace sinks {

/// Grows with every change of the tables. SQLite keeps it as user_version, PostgreSQL in `meta`.
constexpr std::int64_t kSchemaVersion = 5;

/// "leac" in ASCII, stored as application_id (sqlite.org/pragma.html#pragma_application_id).
constexpr std::int64_t kApplicationId = 0x6c656163;

/// "leat": an agent's outbox, and central's database before it had a number of its own.
constexpr std::int64_t kSharedApplicationId = 0x6c656174;

/// The version of the tables; 0 when there are none. Misconfigured when they belong to another
/// program.
base::Result<std::int64_t> schema_version(sql::Database& database);

/// Sets a connection that writes up, and gives the number of tables before.
base::Result<std::int64_t> begin_writing(sql::Database& database);

/// Notes that the tables are of today's version and ours. Within a transaction.
base::Status mark_schema(sql::Database& database);

base::Error refusal(const sql::Database& database, const std::string& reason);

/// The error, with what to do when the database is damaged: nobody can go on with that.
base::Error explained(const base::Error& error);

}  // namespace sinks
