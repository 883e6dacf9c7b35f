#pragma once

#include <string>
#include <variant>
#include <vector>

#include "central/api/facts.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// The parameters of /api/v1/visits.
std::vector<http::Parameter> visit_parameters();

/// The answer of /api/v1/visits: one page of the visits of a series that is a state, newest first.
std::variant<std::string, http::Problem> list_visits(const Facts& facts,
                                                     const http::Target& target);

}  // namespace api
