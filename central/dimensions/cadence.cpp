#include "central/dimensions/cadence.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace dimensions {

namespace {

/// Those that only say again what was said before.
bool repeats(const DeclaredPeriods& periods, std::size_t i) {
    return i > 0 && periods[i].is_alike(periods[i - 1]);
}

/// Makes room for one: a repeat goes, or the time of the oldest two becomes one of which nothing is
/// known.
void drop_one(DeclaredPeriods& periods) {
    for (std::size_t i = 0; i + 1 < periods.size(); ++i) {
        if (!repeats(periods, i)) continue;
        periods.erase(periods.begin() + static_cast<std::ptrdiff_t>(i));
        return;
    }
    periods.erase(periods.begin());
    periods.front() = {.since = periods.front().since};
}

/// The same without what changes nothing.
DeclaredPeriods plain(const DeclaredPeriods& periods) {
    DeclaredPeriods kept;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        if (!repeats(periods, i)) kept.push_back(periods[i]);
    }
    if (!kept.empty()) kept.front().since = kLongAgo;
    return kept;
}

}  // namespace

void note(DeclaredPeriods& periods, const DeclaredPeriod& declared) {
    // Of what is older than the oldest of many, the times around it are forgotten.
    const bool is_full = periods.size() >= kDeclaredPeriodsMax;
    if (is_full && declared.since < periods.front().since) return;
    const auto at = std::lower_bound(
        periods.begin(), periods.end(), declared.since,
        [](const DeclaredPeriod& one, base::EventTime t) { return one.since < t; });
    if (at != periods.end() && at->since == declared.since) {
        *at = declared;
    } else {
        periods.insert(at, declared);
    }
    while (periods.size() > kDeclaredPeriodsMax) drop_one(periods);
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
