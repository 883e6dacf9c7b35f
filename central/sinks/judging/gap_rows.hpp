#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Declared gaps of a node that overlap [from, to), and those without times: the newest 1000,
/// oldest first. What a node evicted is a gap only where it never arrived.
base::Result<std::vector<engine::GapRow>> read_gaps(sql::Database& database,
                                                    const std::string& node, base::EventTime from,
                                                    base::EventTime to);

}  // namespace sinks
