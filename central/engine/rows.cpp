#include "central/engine/rows.hpp"

#include <utility>

namespace engine {

std::size_t Rows::Hash::operator()(const Id& id) const noexcept {
    // Starts are multiples of the span and series count from 0: a multiplication spreads them.
    auto mixed = static_cast<std::uint64_t>(id.start.time_since_epoch().count());
    mixed = (mixed ^ (std::uint64_t{id.series} << 32U) ^ id.span) * 0x9e3779b97f4a7c15U;
    return mixed ^ (mixed >> 32U);
}

WindowKey Rows::key_of(std::size_t span, const SeriesRow& series, base::EventTime start) const {
    return {.span = spans_[span],
            .node = series.node,
            .series = series.declared.series,
            .start = start};
}

base::Result<Rows::Slots::iterator> Rows::find(const Id& id, const Series& series) {
    const auto known = index_.find(id);
    if (known != index_.end()) return known->second;
    auto stored = memory_.window(key_of(id.span, series.row, id.start));
    if (!stored) return stored.error();
    drop_oldest();
    kept_.push_front({.id = id, .row = stored.value().value_or(WindowRow{})});
    index_.emplace(id, kept_.begin());
    return kept_.begin();
}

base::Result<bool> Rows::is_kept(std::size_t span, base::EventTime start) {
    while (kept_from_.size() < spans_.size()) {
        const auto from = memory_.kept_from(spans_[kept_from_.size()]);
        if (!from) return from.error();
        kept_from_.push_back(from.value().value_or(base::EventTime::min()));
    }
    return start >= kept_from_[span];
}

base::Result<WindowRow*> Rows::change(std::size_t span, const Series& series,
                                      base::EventTime start) {
    const auto kept = is_kept(span, start);
    if (!kept) return kept.error();
    if (!kept.value()) return nullptr;
    const Id id{.span = static_cast<std::uint32_t>(span), .series = series.id, .start = start};
    auto found = find(id, series);
    if (!found) return found.error();
    const auto slot = found.value();
    if (!slot->changed) {
        slot->changed = true;
        changed_.splice(changed_.end(), kept_, slot);
    }
    return &slot->row;
}

base::Result<const WindowRow*> Rows::read(std::size_t span, const Series& series,
                                          base::EventTime start) {
    const auto kept = is_kept(span, start);
    if (!kept) return kept.error();
    if (!kept.value()) return nullptr;
    const auto found = find(
        {.span = static_cast<std::uint32_t>(span), .series = series.id, .start = start}, series);
    if (!found) return found.error();
    return &found.value()->row;
}

void Rows::drop_oldest() {
    while (!kept_.empty() && index_.size() >= rows_max_) {
        index_.erase(kept_.back().id);
        kept_.pop_back();
    }
}

void Rows::note_healed(std::size_t span, const Series& series, base::EventTime start,
                       std::string reason) {
    healed_.push_back({.window = key_of(span, series.row, start), .reason = std::move(reason)});
}

void Rows::take_changes(const Roster& roster, Changes& changes) {
    for (auto& slot : changed_) {
        const auto& series = roster.at(slot.id.series).row;
        ++slot.row.revision;
        slot.changed = false;
        changes.windows.emplace(key_of(slot.id.span, series, slot.id.start), slot.row);
    }
    changes.healed = std::exchange(healed_, {});
    kept_.splice(kept_.begin(), changed_);
    kept_from_.clear();
    drop_oldest();
}

void Rows::forget() {
    changed_.clear();
    kept_.clear();
    healed_.clear();
    kept_from_.clear();
    index_.clear();
}

}  // namespace engine
