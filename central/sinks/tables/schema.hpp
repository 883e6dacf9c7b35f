#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace sinks {

/// Grows with every change of the tables; stored as user_version.
constexpr std::int64_t kSchemaVersion = 5;

/// "leac" in ASCII, stored as application_id (sqlite.org/pragma.html#pragma_application_id).
constexpr std::int64_t kApplicationId = 0x6c656163;

/// "leat": an agent's outbox, and central's database before it had a number of its own.
constexpr std::int64_t kSharedApplicationId = 0x6c656174;

/// Opens the file, to write it or only to read it. Misconfigured when a person must change
/// something; transient while another program holds it.
base::Result<sqlite::Database> open_database(const std::string& path, bool is_read_only,
                                             const std::string& vfs = {});

/// Sets the connection up and makes what tables are missing. Misconfigured when the file belongs to
/// a newer leat or another program, which changes nothing, or when its tables were changed.
base::Status prepare_schema(sqlite::Database& database, const std::vector<base::Duration>& spans);

/// Whether a reader may trust the tables: the same refusals, and nothing is changed.
base::Status check_schema(sqlite::Database& database);

/// Opens a database of this very version for writing, beside a central that may run. Misconfigured
/// when it is of another one.
base::Result<sqlite::Database> open_current(const std::string& path);

/// The random name that was made with the tables: 32 hexadecimal digits.
base::Result<std::string> read_identity(sqlite::Database& database);

}  // namespace sinks
