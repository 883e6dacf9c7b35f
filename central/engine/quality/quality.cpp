#include "central/engine/quality/quality.hpp"

#include <algorithm>

namespace engine {

namespace {

/// Whether a gap is declared in the window, and how many readings it held cannot be told.
bool has_gap_of_unknown_size(const WindowFacts& window, const SeriesRow& series,
                             std::optional<std::uint64_t> missing, const DeclaredGaps& gaps) {
    if (!gaps.spans().overlap(window.start, window.start + window.span)) return false;
    if (!missing || *missing == 0) return true;
    // Those that come between the periods may be gone, too; of an outage nothing is there.
    return cadence_in(window, series).also_between && window.row.summary.count > 0;
}

}  // namespace

std::optional<std::uint64_t> missing_in(const WindowFacts& window, const Judgement& judgement) {
    if (!judgement.expected || judgement.state == WindowState::provisional) return std::nullopt;
    const auto received = window.row.summary.count;
    return *judgement.expected - std::min(*judgement.expected, received);
}

std::optional<double> quality_of(const WindowFacts& window, const SeriesRow& series,
                                 const Judgement& judgement, const DeclaredGaps& gaps) {
    const bool is_claimed =
        judgement.state == WindowState::complete || judgement.state == WindowState::known_gap;
    if (!is_claimed || cadence_in(window, series).is_mixed) return std::nullopt;
    const auto missing = missing_in(window, judgement);
    if (has_gap_of_unknown_size(window, series, missing, gaps)) return std::nullopt;
    const auto received = static_cast<double>(window.row.summary.count);
    const auto short_of = static_cast<double>(std::max(missing.value_or(0), window.row.failed));
    if (received + short_of == 0) return std::nullopt;
    return received / (received + short_of);
}

}  // namespace engine
