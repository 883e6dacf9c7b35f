#include "central/engine/states/course.hpp"

#include <algorithm>

namespace engine {

Course::Course(const std::vector<Stretch>& stretches, const Holding& holding, bool is_whole,
               base::EventTime now) {
    if (stretches.empty()) return;
    if (!is_whole) add(kAlways, stretches.front().from, std::nullopt);
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        const auto& stretch = stretches[i];
        add_body(stretch, holding);
        const bool is_newest = i + 1 == stretches.size();
        add_hold(stretch.to, is_newest ? now : stretches[i + 1].from, stretch.last, holding);
    }
}

/// Readings that are gone may have been others. What was before the first of them is known; and
/// what is from the next reading on, which is at most the reach behind the last.
void Course::add_body(const Stretch& stretch, const Holding& holding) {
    if (!stretch.is_exact) {
        segments_.push_back({stretch.from, stretch.to, std::nullopt});
        return;
    }
    auto from = stretch.from;
    for (auto blind = holding.blind_in(from, stretch.to); blind && from < stretch.to;
         blind = holding.blind_in(from, stretch.to)) {
        const auto begin = std::max(from, blind->first);
        const auto reach = holding.reach().value_or(stretch.to - stretch.from);
        const auto end = std::clamp(blind->last + reach, begin + base::Duration{1},
                                    std::max(stretch.to, begin + base::Duration{1}));
        add(from, begin, stretch.value);
        add(begin, end, std::nullopt);
        from = end;
    }
    add(from, stretch.to, stretch.value);
}

void Course::add_hold(base::EventTime from, base::EventTime next, double value,
                      const Holding& holding) {
    const auto known = holding.end_of(from, next);
    add(from, known, value);
    add(known, next, std::nullopt);
}

void Course::add(base::EventTime from, base::EventTime to, std::optional<double> value) {
    if (from < to) segments_.push_back({from, to, value});
}

/// A change counts in the span in which its reading is.
Share Course::share(base::EventTime from, base::EventTime to) const {
    Share share;
    base::Duration on{0};
    base::Duration known{0};
    std::uint64_t transitions = 0;
    double area = 0;
    double least = 0;
    double most = 0;
    auto segment = std::lower_bound(
        segments_.begin(), segments_.end(), from,
        [](const Segment& one, base::EventTime t) { return one.to <= t && one.from < t; });
    for (; segment != segments_.end() && segment->from < to; ++segment) {
        if (!segment->value) return share;
        const double value = *segment->value;
        const auto length = std::min(segment->to, to) - std::max(segment->from, from);
        least = known == base::Duration{0} ? value : std::min(least, value);
        most = known == base::Duration{0} ? value : std::max(most, value);
        known += length;
        if (value != 0) on += length;
        area += value * static_cast<double>(length.count());
        if (segment == segments_.begin() || segment->from < from) continue;
        const auto& before = (segment - 1)->value;
        if (before && *before != value) ++transitions;
    }
    if (known == base::Duration{0}) return share;
    share.on = on;
    share.transitions = transitions;
    share.mean = std::clamp(area / static_cast<double>(known.count()), least, most);
    return share;
}

}  // namespace engine
