#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// What a request for windows asks, with its times resolved.
struct WindowsQuestion {
    std::string series;                          // "attic/climate.temperature"
    base::EventTime from;                        // Inclusive.
    base::EventTime to;                          // Exclusive.
    base::Duration span{0};                      // 0 until choose_span() has chosen.
    std::optional<base::EventTime> kept_from{};  // Of windows of that span; nothing: for ever.
    std::uint64_t points = 1000;                 // The width of the chart, in pixels.

    /// Shares of the readings whose upper bounds are wanted, with their names: "p90" and 0.9.
    std::vector<std::pair<std::string, double>> quantiles{};
    bool with_band = false;  // Also what was to be expected.
    bool with_rate = false;  // Also how fast it changed.
};

/// The part of a range for which a series can have windows, aligned to them. Empty: from == to.
struct CoveredRange {
    base::EventTime from;
    base::EventTime to;
};

std::variant<WindowsQuestion, http::Problem> parse_windows_question(const http::Target& target,
                                                                    base::EventTime now);

/// From the window of the series' first reading to that of its last, within the range of the
/// question, as far as windows are kept.
CoveredRange covered_range(const WindowsQuestion& question, const engine::SeriesRow& series);

/// The same, and on to the last window in which readings failed.
base::Result<CoveredRange> covered_with_failures(sinks::Query& query,
                                                 const WindowsQuestion& question,
                                                 const engine::SeriesRow& series);

/// Chooses the span when the request names none: the shortest that is kept for the range and has at
/// most four windows a pixel. A problem when windows of the span cannot be made of the stored ones,
/// or when the range holds more windows than an answer may have.
std::optional<http::Problem> choose_span(WindowsQuestion& question, const engine::SeriesRow& series,
                                         const std::vector<sinks::StoredSpan>& stored);

}  // namespace api
