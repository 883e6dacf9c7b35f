#pragma once

#include <string>
#include <variant>

#include "base/clock.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// The answer of /api/v1/windows?group=…: the windows of all series of a quantity in a location, or
/// with a tag, merged. Windows without a row are left out, and nothing is claimed of what is
/// missing. A problem when the series measure in different units.
std::variant<std::string, http::Problem> list_group(sinks::Query& query, const http::Target& target,
                                                    base::EventTime now);

}  // namespace api
