#pragma once

#include <string>
#include <variant>
#include <vector>

#include "central/api/facts.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// The parameters of /api/v1/series/{id}/statistics.
const std::vector<http::Parameter>& statistics_parameters();

/// The answer of /api/v1/series/{id}/statistics: a series over its last hour, day and week, beside
/// what it was at the same hour before. Merges stored windows, and reads no readings.
std::variant<std::string, http::Problem> list_statistics(const Facts& facts, const std::string& id,
                                                         const http::Target& target);

}  // namespace api
