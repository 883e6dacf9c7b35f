#include "central/engine/states/holding.hpp"

#include <algorithm>

namespace engine {

Holding::Holding(std::optional<base::Duration> reach, std::vector<BlindSpan> blind)
    : reach_(reach) {
    std::sort(blind.begin(), blind.end(),
              [](const BlindSpan& a, const BlindSpan& b) { return a.first < b.first; });
    for (const auto& span : blind) {
        if (blind_.empty() || span.first > blind_.back().last) {
            blind_.push_back(span);
        } else {
            blind_.back().last = std::max(blind_.back().last, span.last);
        }
    }
}

bool Holding::holds(base::EventTime reading, base::EventTime next) const {
    return (!reach_ || next - reading <= *reach_) && !blind_in(reading, next);
}

base::EventTime Holding::end_of(base::EventTime reading, base::EventTime now) const {
    auto end = std::max(reading, now);
    if (reach_) end = std::min(end, reading + *reach_);
    if (const auto blind = blind_in(reading, end)) end = std::max(reading, blind->first);
    return end;
}

std::optional<BlindSpan> Holding::blind_in(base::EventTime from, base::EventTime to) const {
    const auto first =
        std::lower_bound(blind_.begin(), blind_.end(), from,
                         [](const BlindSpan& span, base::EventTime t) { return span.last < t; });
    const bool is_there = first != blind_.end() && first->first < to;
    return is_there ? std::optional{*first} : std::nullopt;
}

}  // namespace engine
