#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/sinks/access/address.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Sets the connection up and makes what tables are missing. Misconfigured when the database
/// belongs to a newer leat or another program, which changes nothing, or when its tables were
/// changed.
base::Status prepare_schema(sql::Database& database, const std::vector<base::Duration>& spans);

/// Whether a reader may trust the tables: the same refusals, and nothing is changed.
base::Status check_schema(sql::Database& database);

/// Opens a database of this very version for writing, beside a central that may run. Misconfigured
/// when it is of another one.
base::Result<std::unique_ptr<sql::Database>> open_current(const Address& address);

/// Misconfigured when the tables are of another version.
base::Status check_current(sql::Database& database);

/// The random name that was made with the tables: 32 hexadecimal digits.
base::Result<std::string> read_identity(sql::Database& database);

}  // namespace sinks
