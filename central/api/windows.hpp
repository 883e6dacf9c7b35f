#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "central/api/facts.hpp"
#include "central/api/windows_answer.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// Windows in one answer; more would be slow to draw and to send.
constexpr std::size_t kWindowsMax = 10'000;

/// Gaps listed in one answer, which says how many more there are.
constexpr std::size_t kGapsMax = 1'000;

/// The parameters of /api/v1/windows.
const std::vector<http::Parameter>& window_parameters();

/// Reads and judges the windows that the parameters ask for: one for every span of the range
/// between the first and the last window of the series, whether it has a row or not.
std::variant<FoundWindows, http::Problem> find_windows(const Facts& facts,
                                                       const http::Target& target);

/// The answer of /api/v1/windows: columns with one entry for every window in the range between the
/// first and the last window of the series. Windows without a row are included, with nulls.
std::variant<std::string, http::Problem> list_windows(const Facts& facts,
                                                      const http::Target& target);

}  // namespace api
