#include "central/engine/quality/declared_gaps.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

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

/// The records whose times a gap tells: what a node evicted is also lost on the way.
class TimedRecords {
  public:
    explicit TimedRecords(const std::vector<GapRow>& gaps) {
        for (const auto& gap : gaps) {
            if (has_times(gap) && kind_of(gap)) add(ranges_[gap.incarnation], gap);
        }
    }

    bool touch(const GapRow& gap) const {
        const auto found = ranges_.find(gap.incarnation);
        if (found == ranges_.end()) return false;
        const auto later = found->second.upper_bound(gap.to);
        return later != found->second.begin() && std::prev(later)->second >= gap.from;
    }

  private:
    using Ranges = std::map<std::uint64_t, std::uint64_t>;  // First to last, none touching another.

    static void add(Ranges& ranges, const GapRow& gap) {
        auto [from, to] = std::pair{gap.from, gap.to};
        auto next = ranges.upper_bound(from);
        if (next != ranges.begin() && std::prev(next)->second >= from) --next;
        while (next != ranges.end() && next->first <= to) {
            from = std::min(from, next->first);
            to = std::max(to, next->second);
            next = ranges.erase(next);
        }
        ranges.emplace(from, to);
    }

    std::map<wire::Incarnation, Ranges> ranges_;
};

std::optional<GapKind> untimed_of(const std::vector<GapRow>& gaps) {
    const TimedRecords timed{gaps};
    std::optional<GapKind> first;
    for (const auto& gap : gaps) {
        const auto kind = kind_of(gap);
        if (!kind || has_times(gap) || timed.touch(gap)) continue;
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
