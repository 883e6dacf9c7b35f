#include "central/sinks/query.hpp"

namespace sinks {

std::optional<StoredSpan> source_of(base::Duration span, const std::vector<StoredSpan>& stored) {
    std::optional<StoredSpan> longest;
    for (const auto& one : stored) {
        if (one.span <= span && span % one.span == base::Duration::zero()) longest = one;
    }
    if (longest && longest->kept_from) {
        const auto last_lost = *longest->kept_from - base::Duration{1};
        longest->kept_from = engine::window_start(last_lost, span) + span;
    }
    return longest;
}

base::Result<std::optional<base::EventTime>> Query::kept_from(base::Duration span) {
    const auto stored = spans();
    if (!stored) return stored.error();
    const auto source = source_of(span, stored.value());
    return source ? source->kept_from : std::nullopt;
}

}  // namespace sinks
