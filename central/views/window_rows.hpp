#pragma once

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/sinks/query.hpp"

namespace views {

/// Partials of more than a minute are known only in windows of this length.
constexpr base::Duration kWideSpan = std::chrono::hours{1};

using WindowAt = std::pair<base::EventTime, engine::WindowRow>;

/// Rows of a series, with all that is needed to judge them.
struct WindowRows {
    base::Duration span{};
    std::vector<WindowAt> windows;  // In order of time.

    /// Windows of a longer span, which `windows` cover whole; 0 when there are none.
    base::Duration wide_span{};
    std::vector<WindowAt> wide;

    engine::Around around;  // The readings next to all of them.
};

/// Reads the rows of [from, to), which are starts of windows, and what surrounds them. Rows have
/// their sketches only when they are asked for.
base::Result<WindowRows> read_rows(sinks::Query& query, const engine::SeriesRow& series,
                                   base::Duration span, base::EventTime from, base::EventTime to,
                                   std::size_t rows_max, bool with_sketches = false);

}  // namespace views
