#include "central/engine/states/courses.hpp"

namespace engine {

base::Result<std::uint64_t> Courses::add(const Owner& owner, const std::vector<Stretch>& stretches,
                                         std::optional<base::Duration> reach) {
    // Without a period nothing says that none was missing between records.
    const auto bridge = reach.value_or(base::Duration{0});
    std::uint64_t crowded = 0;
    for (const auto& stretch : stretches) {
        const auto start = sheet_start(stretch.from);
        const auto slot = find(owner, start);
        if (!slot) return slot.error();
        auto& sheet = slot.value()->sheet;
        if (!sheet.changed_from()) changed_.emplace_back(owner.id, start);
        if (sheet.add(stretch, bridge)) ++crowded;
    }
    return crowded;
}

base::Result<Courses::Slot*> Courses::find(const Owner& owner, base::EventTime start) {
    const Id id{owner.id, start};
    const auto known = slots_.find(id);
    if (known != slots_.end()) {
        known->second.is_used = true;
        return &known->second;
    }
    auto stored = memory_.stretches(owner.node, owner.declared.series, start, start + kSheetSpan);
    if (!stored) return stored.error();
    auto& slot = slots_[id];
    slot.node = owner.node;
    slot.series = owner.declared.series;
    slot.sheet = Sheet{std::move(stored).value()};
    return &slot;
}

void Courses::take_changes(CourseParts& parts) {
    for (const auto& id : changed_) {
        auto& slot = slots_.at(id);
        const auto from = *slot.sheet.changed_from();
        auto& part = parts[{slot.node, slot.series, from}];
        part.to = id.second + kSheetSpan;
        for (const auto& stretch : slot.sheet.stretches()) {
            if (stretch.from >= from) part.stretches.push_back(stretch);
        }
        slot.sheet.forget_changes();
    }
    changed_.clear();
    if (slots_.size() > kSheetsMax) drop_unused();
}

/// What is in use stays, unless that alone is too much.
void Courses::drop_unused() {
    std::erase_if(slots_, [](const auto& slot) { return !slot.second.is_used; });
    for (auto& [id, slot] : slots_) slot.is_used = false;
    if (slots_.size() > kSheetsMax) slots_.clear();
}

void Courses::forget() {
    slots_.clear();
    changed_.clear();
}

}  // namespace engine
