#pragma once

#include "base/result.hpp"
#include "central/sinks/query.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Merges the windows of a group from the rows of the stored span, which must divide the range's.
base::Result<GroupWindows> read_group(sql::Database& database, const GroupRange& range,
                                      base::Duration stored);

}  // namespace sinks
