#include "central/dimensions/cadence.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace dimensions {

namespace {

/// What only says again what was said before goes, and the newest only with `all`.
void drop_repeats(DeclaredPeriods& periods, bool all) {
    DeclaredPeriods kept;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        const bool is_newest = i + 1 == periods.size();
        const bool repeats = !kept.empty() && kept.back().is_alike(periods[i]);
        if (!repeats || (is_newest && !all)) kept.push_back(periods[i]);
    }
    periods = std::move(kept);
}

/// The same without what changes nothing.
DeclaredPeriods plain(DeclaredPeriods periods) {
    drop_repeats(periods, true);
    if (!periods.empty()) periods.front().since = kLongAgo;
    return periods;
}

}  // namespace

void note(DeclaredPeriods& periods, const DeclaredPeriod& declared) {
    const auto at = std::lower_bound(
        periods.begin(), periods.end(), declared.since,
        [](const DeclaredPeriod& one, base::EventTime t) { return one.since < t; });
    if (at != periods.end() && at->since == declared.since) {
        *at = declared;
    } else {
        periods.insert(at, declared);
    }
    drop_repeats(periods, false);
    while (periods.size() > kDeclaredPeriodsMax) {
        periods.erase(periods.begin());
        periods.front() = {.since = periods.front().since};
        drop_repeats(periods, false);
    }
}

Cadence cadence_in(const DeclaredPeriods& periods, base::EventTime start, base::EventTime end) {
    ENSURE(!periods.empty());
    const auto later = std::upper_bound(
        periods.begin(), periods.end(), start,
        [](base::EventTime t, const DeclaredPeriod& one) { return t < one.since; });
    auto first = later == periods.begin() ? later : later - 1;
    Cadence cadence{.period = first->period, .also_between = first->also_between};
    for (auto next = first + 1; next != periods.end() && next->since < end; ++next) {
        if (next->is_alike(*(next - 1))) continue;
        cadence.is_mixed = true;
        cadence.also_between = cadence.also_between || next->also_between;
        const bool is_known = cadence.period && next->period;
        cadence.period = is_known ? std::max(cadence.period, next->period) : std::nullopt;
    }
    while (first != periods.begin() && first->is_alike(*(first - 1))) --first;
    if (first != periods.begin()) cadence.since = first->since;
    return cadence;
}

std::optional<base::EventTime> differ_from(const DeclaredPeriods& a, const DeclaredPeriods& b) {
    const auto before = plain(a);
    const auto after = plain(b);
    const auto [left, right] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    if (left == before.end() && right == after.end()) return std::nullopt;
    const bool is_first = left == before.begin();
    if (is_first) return base::EventTime::min();
    if (left == before.end()) return right->since;
    if (right == after.end()) return left->since;
    return std::min(left->since, right->since);
}

}  // namespace dimensions
