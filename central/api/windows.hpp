#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/watermark.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// Windows in one answer; more would be slow to draw and to send.
constexpr std::size_t kWindowsMax = 10'000;

/// Gaps listed in one answer, which says how many more there are.
constexpr std::size_t kGapsMax = 1'000;

/// The parameters of /api/v1/windows.
const std::vector<http::Parameter>& window_parameters();

/// The answer of /api/v1/windows: columns with one entry for every window in the range between the
/// first and the last window of the series. Windows without a row are included, with nulls.
std::variant<std::string, http::Problem> list_windows(
    sinks::Query& query, const http::Target& target, base::EventTime now,
    base::Duration watermark_bound = engine::kWatermarkBound);

}  // namespace api
