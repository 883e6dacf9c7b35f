#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "central/api/completeness.hpp"
#include "central/api/problem.hpp"
#include "central/api/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// Windows in one answer; more would be slow to draw and to send.
constexpr std::size_t kWindowsMax = 10'000;

/// Gaps listed in one answer; what is left off is told.
constexpr std::size_t kGapsMax = 1'000;

/// The window lengths that there are, shortest first, as they are written in a query.
const std::vector<std::pair<std::string, base::Duration>>& spans();

/// What a window says once everything known about it is taken together.
struct JudgedWindow {
    base::EventTime start;
    base::Duration span{};
    engine::WindowRow row;  // Of count 0 when there is none.
    std::optional<std::uint64_t> expected;
    WindowState state = WindowState::provisional;
};

JudgedWindow judge_row(const engine::SeriesRow& series, base::EventTime start, base::Duration span,
                       const engine::WindowRow& row, std::optional<base::EventTime> watermark,
                       const GapSpans& gaps);

/// The data of a `window` event.
void write_window(base::JsonWriter& json, const std::string& series, const JudgedWindow& window);

/// The parameters of /api/v1/windows.
const std::vector<Parameter>& window_parameters();

/// The answer of /api/v1/windows: columns with one entry for every window between the first and the
/// last that the series has, as far as they are in the range; windows without a row are there too,
/// with nulls.
std::variant<std::string, Problem> list_windows(sinks::Query& query, const Target& target,
                                                base::EventTime now,
                                                base::Duration watermark_bound = kWatermarkBound);

}  // namespace api
