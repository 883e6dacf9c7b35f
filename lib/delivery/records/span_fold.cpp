#include "delivery/records/span_fold.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace delivery {

namespace {

/// Appends everything but the sketch; first and last go by time.
void append(Partial& whole, const Partial& part) {
    const bool begins = part.first_at < whole.first_at;
    const bool ends = part.last_at >= whole.last_at;
    const auto before = whole.summary;
    whole.summary.append(part.summary);
    whole.summary.first = begins ? part.summary.first : before.first;
    whole.summary.last = ends ? part.summary.last : before.last;
    if (begins) whole.first_at = part.first_at;
    if (ends) whole.last_at = part.last_at;
}

}  // namespace

SpanFold::SpanFold(base::Duration span, bool with_sketches)
    : span_(span), with_sketches_(with_sketches) {
    ENSURE(span > base::Duration::zero());
}

base::EventTime SpanFold::start_of(base::EventTime at) const {
    auto within = at.time_since_epoch() % span_;
    if (within < base::Duration::zero()) within += span_;  // % rounds towards zero, spans do not.
    return at - within;
}

void SpanFold::add(base::EventTime at, double value) {
    const Partial part{.start = start_of(at),
                       .first_at = at,
                       .last_at = at,
                       .summary = wire::Summary::of(value),
                       .sketch = {}};
    const auto [known, is_new] = partials_.try_emplace(part.start, part);
    auto& whole = known->second;
    if (!is_new) append(whole, part);
    if (is_new && with_sketches_) whole.sketch.emplace();
    if (whole.sketch) whole.sketch->add(value);
}

bool SpanFold::fits(base::EventTime start, base::Duration span) const {
    return start + span <= start_of(start) + span_;
}

bool SpanFold::fits(const wire::PartialColumn& column, base::EventTime at) const {
    return std::all_of(column.dt_ms.begin(), column.dt_ms.end(),
                       [&](std::int64_t dt) { return fits(at + base::Duration{dt}, column.span); });
}

void SpanFold::merge(const wire::PartialColumn& column, base::EventTime at) {
    ENSURE(fits(column, at));
    for (const auto& part : partials_of(column, at)) merge(part);
}

void SpanFold::merge(const Partial& part) {
    const auto start = start_of(part.start);
    const auto [known, is_new] = partials_.try_emplace(start, part);
    auto& whole = known->second;
    whole.start = start;
    if (!part.sketch || !with_sketches_) whole.sketch.reset();
    if (is_new) return;
    append(whole, part);
    if (whole.sketch) whole.sketch->merge(*part.sketch);
}

std::vector<Partial> SpanFold::take_until(base::EventTime until) {
    std::vector<Partial> taken;
    auto it = partials_.begin();
    for (; it != partials_.end() && it->first + span_ <= until; ++it) {
        taken.push_back(std::move(it->second));
    }
    partials_.erase(partials_.begin(), it);
    return taken;
}

std::vector<Partial> SpanFold::take_all() {
    std::vector<Partial> taken;
    taken.reserve(partials_.size());
    for (auto& [start, partial] : partials_) taken.push_back(std::move(partial));
    partials_.clear();
    return taken;
}

wire::PartialColumn column_of(std::span<const Partial> partials, base::Duration span,
                              base::EventTime at) {
    wire::PartialColumn column{.span = span,
                               .dt_ms = {},
                               .summaries = {},
                               .sketches = {},
                               .first_dt_ms = {},
                               .last_dt_ms = {}};
    const bool with_sketches = std::all_of(
        partials.begin(), partials.end(), [](const auto& each) { return each.sketch.has_value(); });
    for (const auto& partial : partials) {
        column.dt_ms.push_back((partial.start - at).count());
        column.summaries.push_back(partial.summary);
        column.first_dt_ms.push_back((partial.first_at - partial.start).count());
        column.last_dt_ms.push_back((partial.last_at - partial.start).count());
        if (with_sketches) column.sketches.push_back(partial.sketch->encode());
    }
    return column;
}

std::vector<Partial> partials_of(const wire::PartialColumn& column, base::EventTime at) {
    std::vector<Partial> partials;
    for (std::size_t i = 0; i < column.summaries.size(); ++i) {
        const auto start = at + base::Duration{column.dt_ms[i]};
        const bool has_times = !column.first_dt_ms.empty();
        partials.push_back(
            {.start = start,
             .first_at = has_times ? start + base::Duration{column.first_dt_ms[i]} : start,
             .last_at = has_times ? start + base::Duration{column.last_dt_ms[i]}
                                  : start + column.span - base::Duration{1},
             .summary = column.summaries[i],
             .sketch = {}});
        if (column.sketches.empty()) continue;
        auto sketch = wire::Sketch::decode(column.sketches[i]);
        ENSURE(sketch);
        partials.back().sketch = std::move(sketch).value();
    }
    return partials;
}

}  // namespace delivery
