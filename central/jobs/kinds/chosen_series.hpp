#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/sinks/query.hpp"

namespace jobs {

/// The series whose id ("attic/climate.temperature") one of the patterns matches. Misconfigured
/// when there are series, and no pattern matches any: a word may be misspelt.
base::Result<std::vector<engine::SeriesRow>> chosen_series(sinks::Query& query,
                                                           const std::vector<std::string>& match);

}  // namespace jobs
