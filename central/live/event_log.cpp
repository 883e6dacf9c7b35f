#include "central/live/event_log.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/ensure.hpp"

namespace live {

namespace {

std::size_t size_of(const Event& event) {
    return event.key.size() + event.name.size() + event.series.size() + event.data.size();
}

}  // namespace

EventLog::EventLog(std::string epoch, EventLogOptions options)
    : epoch_(std::move(epoch)), options_(options) {}

void EventLog::publish(Event event) {
    ENSURE(event.data.find('\n') == std::string::npos);
    const auto now = event.at;
    if (const auto old = numbers_.find(event.key); old != numbers_.end()) {
        erase(events_.find(old->second));
    }
    ++newest_;
    bytes_ += size_of(event);
    numbers_[event.key] = newest_;
    events_.emplace(newest_, std::move(event));
    trim(now);
}

void EventLog::forget_all() {
    events_.clear();
    numbers_.clear();
    bytes_ = 0;
    // Takes a number of its own, so that a reader that is up to date notices it as well.
    forgotten_ = ++newest_;
}

const std::pair<const std::uint64_t, Event>* EventLog::after(std::uint64_t number) const {
    const auto found = events_.upper_bound(number);
    return found == events_.end() ? nullptr : &*found;
}

std::string EventLog::id_of(std::uint64_t number) const {
    return fmt::format("{}:{}", epoch_, number);
}

std::optional<std::uint64_t> EventLog::parse_id(std::string_view id) const {
    if (!id.starts_with(epoch_)) return std::nullopt;
    id.remove_prefix(epoch_.size());
    if (!id.starts_with(':')) return std::nullopt;
    id.remove_prefix(1);
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
    if (id.empty() || parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size()) {
        return std::nullopt;
    }
    return number <= newest_ ? std::optional{number} : std::nullopt;
}

void EventLog::remove_reader(base::Instant now) {
    ENSURE(readers_ > 0);
    --readers_;
    last_reader_ = now;
}

bool EventLog::anybody_may_read(base::Instant now) const {
    return readers_ > 0 || (last_reader_ && now - *last_reader_ < options_.age_max);
}

void EventLog::erase(std::map<std::uint64_t, Event>::iterator position) {
    bytes_ -= size_of(position->second);
    numbers_.erase(position->second.key);
    events_.erase(position);
}

void EventLog::trim(base::Instant now) {
    while (!events_.empty()) {
        const auto oldest = events_.begin();
        const bool fits = events_.size() <= options_.events_max && bytes_ <= options_.bytes_max;
        if (fits && now - oldest->second.at <= options_.age_max) return;
        forgotten_ = oldest->first;
        erase(oldest);
    }
}

}  // namespace live
