#include "central/engine/quality/declared_gaps.hpp"

#include <algorithm>
#include <string>

#include "wire/record.hpp"

namespace engine {

namespace {

/// Nothing for thinned records.
std::optional<GapKind> kind_of(const GapRow& gap) {
    if (gap.reason == wire::to_text(wire::GapReason::thinned)) return std::nullopt;
    if (gap.reason == wire::to_text(wire::GapReason::evicted)) return GapKind::evicted;
    if (gap.reason == wire::to_text(wire::GapReason::corrupt)) return GapKind::corrupt;
    return GapKind::lost;
}

bool has_times(const GapRow& gap) {
    return gap.first_at && gap.last_at;
}

GapSpans spans_of(const std::vector<GapRow>& gaps, GapKind kind) {
    std::vector<GapRow> rows;
    for (const auto& gap : gaps) {
        if (kind_of(gap) == kind) rows.push_back(gap);
    }
    return GapSpans{rows};
}

/// Whether the times of the same records are known from another gap: what a node evicted is also
/// lost on the way.
bool is_told_elsewhere(const GapRow& gap, const std::vector<GapRow>& gaps) {
    return std::any_of(gaps.begin(), gaps.end(), [&](const GapRow& other) {
        return has_times(other) && other.from <= gap.to && other.to >= gap.from &&
               other.incarnation == gap.incarnation && kind_of(other);
    });
}

std::optional<GapKind> untimed_of(const std::vector<GapRow>& gaps) {
    std::optional<GapKind> first;
    for (const auto& gap : gaps) {
        const auto kind = kind_of(gap);
        if (!kind || has_times(gap) || is_told_elsewhere(gap, gaps)) continue;
        first = first ? std::min(*first, *kind) : *kind;
    }
    return first;
}

}  // namespace

DeclaredGaps::DeclaredGaps(const std::vector<GapRow>& gaps)
    : all_(gaps),
      spans_{spans_of(gaps, GapKind::evicted), spans_of(gaps, GapKind::corrupt),
             spans_of(gaps, GapKind::lost)},
      untimed_(untimed_of(gaps)) {}

bool DeclaredGaps::overlap(GapKind kind, base::EventTime start, base::EventTime end) const {
    return of(kind).overlap(start, end);
}

std::uint64_t DeclaredGaps::held(GapKind kind, base::EventTime start, base::EventTime end,
                                 base::Duration period) const {
    return of(kind).held(start, end, period);
}

}  // namespace engine
