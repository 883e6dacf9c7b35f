#pragma once

#include <optional>

#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/engine/quality/declared_gaps.hpp"

namespace engine {

/// How many readings that were due in the window are missing, by the period of its series; nothing
/// where nothing says so: without a period, or before the watermark has passed the window.
std::optional<std::uint64_t> missing_in(const WindowFacts& window, const Judgement& judgement);

/// The quality of a window, 0..1:
///
///     received / (received + max(missing, failed))
///
/// A reading that failed and left its place empty is one of the missing: it counts once. One that
/// was read again in time failed all the same. Readings that came in partials count as received,
/// what waits for a clock is missing. 1 exactly where the window is complete and nothing failed, 0
/// throughout an outage; never more for a reading less, where they come by the period.
///
/// Nothing, where a number would be a guess: the window is provisional, nothing was due or nothing
/// is claimed in it, its readings are known only in wider windows, the period of the
/// series changed in it, or a gap is declared in it and nothing says how many readings of this
/// series that held.
std::optional<double> quality_of(const WindowFacts& window, const SeriesRow& series,
                                 const Judgement& judgement, const DeclaredGaps& gaps);

}  // namespace engine
