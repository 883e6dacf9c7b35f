#include "central/engine/boots.hpp"

#include <cmath>

#include "wire/limits.hpp"

namespace engine {

namespace {

// Kept between commits. When there are more, all are dropped and read again.
constexpr std::size_t kBootsMax = 100'000;

constexpr std::int64_t kDriftDivisor = 10'000;  // 100 ppm, twice what a good crystal does.

/// Visits what of a record has a time, if anything has: its body, or where its series is.
template <class Body, class Visit>
void visit_timed(Body& body, const Visit& visit) {
    std::visit(
        [&](auto& content) {
            if constexpr (requires { content.clock; }) visit(content);
            if constexpr (requires { content.situation; }) {
                if (content.situation) visit(*content.situation);
            }
        },
        body);
}

}  // namespace

std::optional<std::string_view> boot_counted_from(const wire::Record& record) {
    std::optional<std::string_view> boot;
    visit_timed(record.body, [&](const auto& timed) {
        if (timed.clock == wire::ClockState::boot) boot = timed.boot;
    });
    return boot;
}

base::Duration error_at_boot(const BootTie& tie) {
    return tie.error + tie.since_boot / kDriftDivisor;
}

/// Numbers of another incarnation cannot be compared: the first one that was seen stays.
void note_record(BootRow& boot, const RecordPlace& place) {
    const bool is_same = boot.first && boot.first->incarnation == place.incarnation;
    if (!boot.first || (is_same && place.seq < boot.first->seq)) boot.first = place;
}

bool is_better(const BootTie& tie, const std::optional<BootTie>& known) {
    return !known || error_at_boot(tie) < error_at_boot(*known);
}

std::optional<wire::Record> with_utc(const wire::Record& record, const BootTie& tie) {
    auto result = record;
    bool is_good = false;
    visit_timed(result.body, [&](auto& timed) {
        timed.at += tie.utc.time_since_epoch() - tie.since_boot;
        constexpr auto kMost = static_cast<std::int64_t>(wire::kSequenceMax / 2);
        is_good = std::abs(base::to_milliseconds(timed.at)) <= kMost;
    });
    return is_good ? std::optional{std::move(result)} : std::nullopt;
}

base::Result<Boots::Slot*> Boots::slot(const std::string& node, const std::string& boot) {
    const auto known = boots_.find({node, boot});
    if (known != boots_.end()) return &known->second;
    auto stored = memory_.boot(node, boot);
    if (!stored) return stored.error();
    BootRow fresh{.node = node, .boot = boot, .tie = {}};
    const Slot read{.row = std::move(stored).value().value_or(std::move(fresh))};
    return &boots_.emplace(std::pair{node, boot}, read).first->second;
}

base::Result<BootRow*> Boots::change(const std::string& node, const std::string& boot) {
    auto found = slot(node, boot);
    if (!found) return found.error();
    auto* changing = found.value();
    if (!changing->changed) changed_.push_back(changing);
    changing->changed = true;
    return &changing->row;
}

base::Result<const BootRow*> Boots::find(const std::string& node, const std::string& boot) {
    auto found = slot(node, boot);
    if (!found) return found.error();
    return &found.value()->row;
}

void Boots::take_changes(Changes& changes) {
    for (auto* slot : changed_) {
        slot->changed = false;
        changes.boots.insert_or_assign({slot->row.node, slot->row.boot}, slot->row);
    }
    changed_.clear();
    if (boots_.size() > kBootsMax) forget();
}

void Boots::forget() {
    changed_.clear();
    boots_.clear();
}

}  // namespace engine
