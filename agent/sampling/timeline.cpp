#include "agent/sampling/timeline.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "delivery/records/record_lines.hpp"

namespace agent {

namespace {

using namespace std::chrono_literals;
using base::Duration;
using base::Instant;
using wire::ClockState;

// Anything less may be a time service that adjusts smoothly, or two clocks read at two moments.
constexpr Duration kStep = 100ms;

// Often enough to show how the node's oscillator drifts, and that its clock is still good.
constexpr Duration kSampleEvery = 1h;

// Both clocks are read as whole milliseconds, one after the other.
constexpr Duration kReadingError = 2ms;
constexpr int kReadsMax = 5;

constexpr std::size_t kEpochsMax = 8;    // A reading older than all of them gets the oldest.
constexpr std::size_t kSamplesMax = 16;  // Between two flushes.

base::EventTime since_boot(Instant at) {
    return base::EventTime{at.time_since_epoch()};
}

}  // namespace

bool is_in_range(base::EventTime at) {
    const auto ms = base::to_milliseconds(at);
    return ms >= -delivery::kEventTimeMax && ms <= delivery::kEventTimeMax;
}

Timeline::Timeline(const base::Clock& clock, const ClockWatch& watch, base::Counters& counters)
    : clock_(clock), watch_(watch), counters_(counters) {
    const auto now = clock_.instant();
    epochs_.push_back(read_clocks(now));
    if (is_sample_due(epochs_.back(), true, now)) add_sample(epochs_.back(), now);
}

/// The two clocks cannot be read at once: they are read again when much time went by in between.
Timeline::Epoch Timeline::read_clocks(Instant now) const {
    Epoch epoch{.since = now, .state = watch_.state(), .offset = {}};
    for (int i = 0; i < kReadsMax; ++i) {
        const auto before = clock_.instant();
        epoch.offset = clock_.event_time() - since_boot(before);
        if (clock_.instant() - before < kReadingError) break;
    }
    return epoch;
}

void Timeline::observe(Instant now) {
    const auto read = read_clocks(now);
    auto& current = epochs_.back();
    const bool is_stepped = std::chrono::abs(read.offset - current.offset) > kStep;
    const bool is_new =
        read.state != current.state || (is_stepped && read.state != ClockState::boot);
    if (is_new) {
        base::log_info("the clock has changed",
                       {{"from", wire::to_text(current.state)},
                        {"to", wire::to_text(read.state)},
                        {"step_ms", (read.offset - current.offset).count()}});
        epochs_.push_back(read);
        ++begun_;
        if (epochs_.size() > kEpochsMax) epochs_.pop_front();
    } else {
        current.offset = read.offset;
    }
    if (is_sample_due(epochs_.back(), is_new, now)) add_sample(epochs_.back(), now);
}

/// A clock that was never synced in this process says nothing about UTC.
bool Timeline::is_sample_due(const Epoch& epoch, bool is_new, Instant now) const {
    const bool is_synced = epoch.state == ClockState::synced;
    if (!is_synced && !synced_offset_) return false;
    if (is_new || !is_synced || !sampled_at_) return is_new;
    return now - *sampled_at_ >= kSampleEvery ||
           std::chrono::abs(epoch.offset - sampled_offset_) > kStep;
}

/// A step of a clock that is not synced moves it away from what was known.
Duration Timeline::error_of(const Epoch& epoch) const {
    return watch_.error() + kReadingError +
           std::chrono::abs(epoch.offset - synced_offset_.value_or(epoch.offset));
}

void Timeline::add_sample(const Epoch& epoch, Instant now) {
    sampled_at_ = now;
    sampled_offset_ = epoch.offset;
    if (epoch.state == ClockState::synced) synced_offset_ = epoch.offset;
    if (watch_.boot().empty()) return;
    if (samples_.size() == kSamplesMax) {
        counters_
            .counter("leat_agent_clock_samples_dropped_total",
                     "Clock records not made: too many wait for a commit.")
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

void Timeline::add_to(delivery::Flush& flush) {
    for (const auto& sample : samples_) {
        delivery::add_line({.body = sample, .origin = {}}, sample.utc, flush);
    }
    if (!samples_.empty()) flush.positions[kSyncedBootPosition] = boot();
    samples_.clear();
}

}  // namespace agent
