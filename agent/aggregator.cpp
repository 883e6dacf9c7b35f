#include "agent/aggregator.hpp"

#include <utility>

namespace agent {

void Aggregator::add(const PendingReading& reading, base::Duration span) {
    const auto [found, is_new] = open_.try_emplace(
        reading.series, Open{.clock = reading.clock, .fold = wire::SpanFold{span}});
    auto& open = found->second;
    if (open.clock != reading.clock) {
        close(reading.series, open, open.fold.take_all());
        open.clock = reading.clock;
    }
    open.fold.add(base::from_milliseconds(reading.at_ms), reading.value);
    if (open.fold.spans() > kOpenSpansMax) close(reading.series, open, open.fold.take_all());
}

void Aggregator::close_until(base::EventTime now, wire::ClockState clock) {
    for (auto& [series, open] : open_) {
        const bool counts_alike = open.clock == clock;
        close(series, open, counts_alike ? open.fold.take_until(now) : open.fold.take_all());
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

void Aggregator::close(std::size_t series, Open& open, std::vector<wire::Partial> partials) {
    for (auto& partial : partials) {
        closed_.push_back({.series = series,
                           .span = open.fold.span(),
                           .clock = open.clock,
                           .partial = std::move(partial)});
    }
}

std::vector<PendingPartial> Aggregator::take() {
    return std::exchange(closed_, {});
}

}  // namespace agent
