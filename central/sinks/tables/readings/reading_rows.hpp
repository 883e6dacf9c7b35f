#pragma once

#include <vector>

#include "base/result.hpp"
#include "central/sinks/tables/readings/reading_range.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The readings of the range in their order, at most so many. Holds no more of them in memory than
/// it gives, and the blocks that overlap in time. Malformed when a block cannot be read.
base::Result<std::vector<StoredReading>> read_readings(sql::Database& database,
                                                       const ReadingRange& range);

base::Result<ReadingExtent> read_extent(sql::Database& database, const ReadingRange& range);

}  // namespace sinks
