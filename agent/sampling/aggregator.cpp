#include "agent/sampling/aggregator.hpp"

#include <utility>

namespace agent {

void Aggregator::add(const delivery::PendingReading& reading, base::Duration span) {
    auto& open =
        open_.try_emplace(reading.series, Open{.like = reading, .fold = delivery::SpanFold{span}})
            .first->second;
    if (!delivery::may_share_record(open.like, reading)) {
        close(reading.series, open, open.fold.take_all());
        open.like = reading;
    }
    open.fold.add(base::from_milliseconds(reading.at_ms), reading.value);
    if (open.fold.spans() > kOpenSpansMax) close(reading.series, open, open.fold.take_all());
}

void Aggregator::close_until(const Stamp& now) {
    const delivery::PendingReading ours{
        .clock = now.clock, .since_boot = now.since_boot, .epoch = now.epoch};
    const bool is_utc = now.clock != wire::ClockState::boot;
    for (auto& [series, open] : open_) {
        const bool by_source = !open.like.since_boot && open.like.clock == wire::ClockState::synced;
        const bool comparable =
            delivery::may_share_record(open.like, ours) || (by_source && is_utc);
        close(series, open, comparable ? open.fold.take_until(now.at) : open.fold.take_all());
    }
}

void Aggregator::close(std::size_t series) {
    const auto found = open_.find(series);
    if (found == open_.end()) return;
    close(series, found->second, found->second.fold.take_all());
}

void Aggregator::close_all() {
    for (auto& [series, open] : open_) close(series, open, open.fold.take_all());
}

void Aggregator::close(std::size_t series, Open& open, std::vector<delivery::Partial> partials) {
    for (auto& partial : partials) {
        closed_.push_back({.series = series,
                           .span = open.fold.span(),
                           .partial = std::move(partial),
                           .like = open.like});
    }
}

std::vector<delivery::PendingPartial> Aggregator::take() {
    return std::exchange(closed_, {});
}

}  // namespace agent
