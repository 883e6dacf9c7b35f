#include "base/reminder.hpp"

namespace base {

namespace {

constexpr std::uint64_t kRepeatsMax = 10;
constexpr Duration kRepeatSpan = std::chrono::minutes{1};
constexpr std::size_t kEventsMax = 1024;

}  // namespace

bool Reminder::is_due(std::string_view text, Instant now) {
    const bool is_news = text != said_;
    const bool is_old = !text.empty() && every_ && now - said_at_ >= *every_;
    if (!is_news && !is_old) return false;
    note(text, now);
    return true;
}

void Reminder::note(std::string_view text, Instant now) {
    said_ = text;
    said_at_ = now;
}

std::vector<RepeatLimit::HeldBack> RepeatLimit::forget(Instant now) {
    std::vector<HeldBack> result;
    // The names of events are constants in the program, so the map should never fill up. If it
    // does, every minute ends early.
    const bool is_full = seen_.size() >= kEventsMax;
    for (auto at = seen_.begin(); at != seen_.end();) {
        const auto& [event, repeats] = *at;
        if (!is_full && now - repeats.since < kRepeatSpan) {
            ++at;
            continue;
        }
        if (repeats.count > kRepeatsMax) {
            result.push_back(
                {.level = repeats.level, .event = event, .count = repeats.count - kRepeatsMax});
        }
        at = seen_.erase(at);
    }
    return result;
}

bool RepeatLimit::admits(LogLevel level, std::string_view event, Instant now) {
    auto found = seen_.find(event);
    if (found == seen_.end()) {
        found = seen_.emplace(event, Repeats{.level = level, .since = now, .count = 0}).first;
    }
    return ++found->second.count <= kRepeatsMax;
}

}  // namespace base
