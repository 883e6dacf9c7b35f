#include "agent/sampling/timeline.hpp"

#include <algorithm>

#include "agent/records/record_lines.hpp"
#include "base/log.hpp"

namespace agent {

namespace {

using namespace std::chrono_literals;
using base::Duration;
using base::Instant;
using wire::ClockState;

// Less is what a time service does smoothly, and what two looks at two clocks may differ by.
constexpr Duration kStep = 100ms;

// Shows how the node's oscillator drifts, and that its clock is still good.
constexpr Duration kSampleEvery = 1h;

// Both clocks are read as whole milliseconds, one after the other.
constexpr Duration kReadingError = 2ms;
constexpr int kLooksMax = 5;

constexpr std::size_t kEpochsMax = 8;    // A reading older than all of them has the oldest.
constexpr std::size_t kSamplesMax = 16;  // Between two flushes.

base::EventTime since_boot(Instant at) {
    return base::EventTime{at.time_since_epoch()};
}

}  // namespace

Timeline::Timeline(const base::Clock& clock, const ClockWatch& watch, base::Counters& counters)
    : clock_(clock), watch_(watch), counters_(counters) {
    const auto now = clock_.instant();
    epochs_.push_back(see(now));
    if (is_sample_due(epochs_.back(), true, now)) sample(epochs_.back(), now);
}

/// The two clocks cannot be read at once: another look when much time went by in between.
Timeline::Epoch Timeline::see(Instant now) const {
    Epoch seen{.since = now, .state = watch_.state(), .offset = {}};
    for (int i = 0; i < kLooksMax; ++i) {
        const auto before = clock_.instant();
        seen.offset = clock_.event_time() - since_boot(before);
        if (clock_.instant() - before < kReadingError) break;
    }
    return seen;
}

void Timeline::look(Instant now) {
    const auto seen = see(now);
    auto& current = epochs_.back();
    const bool is_stepped = std::chrono::abs(seen.offset - current.offset) > kStep;
    const bool is_new =
        seen.state != current.state || (is_stepped && seen.state != ClockState::boot);
    if (is_new) {
        base::log_info("clock_changed", {{"from", wire::to_text(current.state)},
                                         {"to", wire::to_text(seen.state)},
                                         {"step_ms", (seen.offset - current.offset).count()}});
        epochs_.push_back(seen);
        ++begun_;
        if (epochs_.size() > kEpochsMax) epochs_.pop_front();
    } else {
        current.offset = seen.offset;
    }
    if (is_sample_due(epochs_.back(), is_new, now)) sample(epochs_.back(), now);
}

/// A clock that was not seen synced is nothing to tell others by.
bool Timeline::is_sample_due(const Epoch& epoch, bool is_new, Instant now) const {
    const bool is_synced = epoch.state == ClockState::synced;
    if (!is_synced && !synced_offset_) return false;
    if (is_new || !is_synced || !sampled_at_) return is_new;
    return now - *sampled_at_ >= kSampleEvery ||
           std::chrono::abs(epoch.offset - sampled_offset_) > kStep;
}

/// Whoever steps a clock that is not synced moves it away from what was known.
Duration Timeline::error_of(const Epoch& epoch) const {
    return watch_.error() + kReadingError +
           std::chrono::abs(epoch.offset - synced_offset_.value_or(epoch.offset));
}

void Timeline::sample(const Epoch& epoch, Instant now) {
    sampled_at_ = now;
    sampled_offset_ = epoch.offset;
    if (epoch.state == ClockState::synced) synced_offset_ = epoch.offset;
    if (watch_.boot().empty()) return;
    if (samples_.size() == kSamplesMax) {
        counters_
            .counter("leat_agent_clock_samples_dropped_total",
                     "Clock records not made: too many wait to be committed.")
            .add();
        return;
    }
    samples_.push_back({.boot = boot(),
                        .since_boot = now.time_since_epoch(),
                        .utc = since_boot(now) + epoch.offset,
                        .error = error_of(epoch)});
}

Stamp Timeline::stamp(Instant taken) const {
    auto epoch = epochs_.rbegin();
    while (taken < epoch->since && std::next(epoch) != epochs_.rend()) ++epoch;
    const auto age = static_cast<std::uint32_t>(std::distance(epochs_.rbegin(), epoch));
    Stamp stamp{.at = since_boot(taken),
                .clock = epoch->state,
                .boot = watch_.boot(),
                .since_boot = {},
                .epoch = begun_ - age};
    if (stamp.clock == ClockState::boot) return stamp;
    stamp.at += epoch->offset;
    if (!stamp.boot.empty()) stamp.since_boot = taken.time_since_epoch();
    return stamp;
}

void Timeline::add_to(Flush& flush) {
    for (const auto& sample : samples_) {
        add_line({.body = sample, .origin = {}}, sample.utc, flush);
    }
    if (!samples_.empty()) flush.positions[kSyncedBootPosition] = boot();
    samples_.clear();
}

}  // namespace agent
