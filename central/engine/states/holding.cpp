#include "central/engine/states/holding.hpp"

#include <algorithm>

namespace engine {

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
    std::optional<BlindSpan> first;
    for (const auto& span : blind_) {
        if (span.first >= to || span.last < from) continue;
        if (!first || span.first < first->first) first = span;
    }
    return first;
}

}  // namespace engine
