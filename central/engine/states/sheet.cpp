#include "central/engine/states/sheet.hpp"

#include <algorithm>

namespace engine {

namespace {

/// Both as one; `other` was counted later.
Stretch united(const Stretch& one, const Stretch& other) {
    auto whole = one;
    whole.is_exact = one.is_exact && other.is_exact && one.value == other.value;
    whole.readings += other.readings;
    if (other.from < one.from) {
        whole.from = other.from;
        whole.value = other.value;
    }
    if (other.to >= one.to) {
        whole.to = other.to;
        whole.last = other.last;
    }
    return whole;
}

bool continues(const Stretch& before, const Stretch& added, base::Duration bridge) {
    return before.is_exact && added.is_exact && before.value == added.value &&
           added.from - before.to <= bridge;
}

}  // namespace

bool Sheet::add(const Stretch& added, base::Duration bridge) {
    const auto first =
        std::lower_bound(stretches_.begin(), stretches_.end(), added.from,
                         [](const Stretch& stretch, base::EventTime t) { return stretch.to < t; });
    const auto end = std::find_if(first, stretches_.end(),
                                  [&](const Stretch& stretch) { return stretch.from > added.to; });
    if (first == end) {
        insert(first, added, bridge);
    } else {
        unite(first, end, added);
    }
    if (stretches_.size() <= kStretchesMax) return false;
    auto all = stretches_.front();
    for (auto it = stretches_.begin() + 1; it != stretches_.end(); ++it) all = united(all, *it);
    all.is_exact = false;
    stretches_.assign(1, all);
    note(all.from);
    return true;
}

void Sheet::insert(Place place, const Stretch& added, base::Duration bridge) {
    if (place != stretches_.begin() && continues(*(place - 1), added, bridge)) {
        auto& before = *(place - 1);
        before.to = added.to;
        before.readings += added.readings;
        note(before.from);
    } else {
        note(added.from);
        stretches_.insert(place, added);
    }
}

void Sheet::unite(Place first, Place end, const Stretch& added) {
    auto whole = *first;
    for (auto it = first + 1; it != end; ++it) whole = united(whole, *it);
    note(std::min(whole.from, added.from));
    *first = united(whole, added);
    stretches_.erase(first + 1, end);
}

void Sheet::note(base::EventTime from) {
    changed_from_ = changed_from_ ? std::min(*changed_from_, from) : from;
}

}  // namespace engine
