#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/http/problem.hpp"

namespace api {

/// Names that not_known() compares; a larger fleet gets no suggestion.
constexpr std::size_t kComparedNamesMax = 10'000;

/// The store did not answer: 503 when it may work later, else 500.
http::Problem query_failed(const base::Error& error);

/// 404, with the most similar of the known names. `kind` is "node" or "series".
http::Problem not_known(const std::string& kind, const std::string& name,
                        const std::vector<std::string>& known);

}  // namespace api
