#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"

namespace jobs {

/// What came of counting a series again.
struct Recounted {
    std::uint64_t readings = 0;
    std::uint64_t windows = 0;         // Compared, of all lengths.
    std::uint64_t windows_passed = 0;  // Not compared: some of their readings are not kept singly.
    std::vector<std::string> differences{};  // In words, at most kDifferencesMax.
};

constexpr std::size_t kDifferencesMax = 10;

/// Makes the windows of [from, to), whole ones, from single readings, and compares them with those
/// that are stored: counts, extremes, first and last times exactly, sums to 1e-9 relative. Windows
/// that begin before single readings of the series are kept are passed over: those before
/// `kept_from`, too. So are all of a series of which readings were summarised in that time.
base::Result<Recounted> recount_series(sinks::Query& query, const engine::SeriesRow& series,
                                       const std::vector<base::Duration>& spans,
                                       base::EventTime from, base::EventTime to,
                                       base::EventTime kept_from);

/// From when on all single readings of the series are kept, if `oldest` is that of them. What is
/// removed goes by whole hours; of the first hour others may be gone, or never have been kept. What
/// came late is kept for a while before all that has been removed: `removed_to` says to when
/// that is.
base::EventTime kept_from(base::EventTime oldest, const std::optional<base::EventTime>& removed_to);

}  // namespace jobs
