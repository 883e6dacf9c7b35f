#pragma once

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Writes down that this process is the one that writes to a server's database. Call it with the
/// lock of the sink held. A file needs no such name: its lock is that of the file system.
base::Status sign_in(sql::Database& database);

/// Transient when another process has signed in since: call it in the transaction that writes, on
/// another connection than the sink's. A database where nobody ever signed in is everyone's.
base::Status check_writer(sql::Database& database);

}  // namespace sinks
