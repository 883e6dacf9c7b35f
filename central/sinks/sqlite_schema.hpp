#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/sinks/sqlite_database.hpp"

namespace sinks {

/// Grows with every change of the tables; stored as user_version.
constexpr std::int64_t kSchemaVersion = 2;

/// "leat" in ASCII, stored as application_id (sqlite.org/pragma.html#pragma_application_id).
constexpr std::int64_t kApplicationId = 0x6c656174;

/// Sets the connection up and makes what tables are missing. Misconfigured when the file is a newer
/// leat's or somebody else's: then nothing was changed.
base::Status prepare_schema(Database& database, const std::vector<base::Duration>& spans);

/// Whether a reader may trust the tables: the same refusals, nothing is changed.
base::Status check_schema(Database& database);

/// The random name that was made with the tables: 32 hexadecimal digits.
base::Result<std::string> read_identity(Database& database);

}  // namespace sinks
