#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/sampling/clock_state.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "delivery/records/flush.hpp"
#include "wire/record.hpp"

namespace agent {

/// The name under which the outbox keeps the boot in which the clock was last synced. It stands
/// among the positions of the sensors: no sensor can have this name.
constexpr const char* kSyncedBootPosition = "@synced-boot";

/// When a reading was taken.
struct Stamp {
    base::EventTime at;  // With ClockState::boot: milliseconds since the boot.
    wire::ClockState clock = wire::ClockState::synced;

    std::string_view boot{};  // In which it was taken; empty when nothing names it.
    std::optional<base::Duration> since_boot{};  // When `at` does not say so already.

    /// Readings of different epochs cannot share a record: the wall clock was stepped in between.
    std::uint32_t epoch = 0;
};

/// Whether a record can carry this time.
bool is_in_range(base::EventTime at);

/// Remembers how the wall clock stood against the time since the boot, and how far it could be
/// trusted. Stamps every reading by the clock of the moment in which it was taken, so that a step
/// changes only later readings, and writes the clock records. Decides nothing by the wall clock.
class Timeline {
  public:
    Timeline(const base::Clock& clock, const ClockWatch& watch, base::Counters& counters);

    /// Reads the clocks; a change counts from now on.
    void observe(base::Instant now);

    Stamp stamp(base::Instant taken) const;

    /// For a reading whose source has a clock of its own: it does not depend on ours.
    Stamp stamp(base::EventTime by_source) const { return {.at = by_source}; }

    /// This boot, as records name it; empty when nothing names it.
    std::string boot() const { return std::string{watch_.boot()}; }

    /// Adds the clock records since the last call and, when there are any, that the clock was
    /// synced in this boot.
    void add_to(delivery::Flush& flush);

  private:
    struct Epoch {
        base::Instant since;
        wire::ClockState state = wire::ClockState::boot;
        base::Duration offset{};  // Wall time less the time since the boot, as last read.
    };

    Epoch read_clocks(base::Instant now) const;
    bool is_sample_due(const Epoch& epoch, bool is_new, base::Instant now) const;
    base::Duration error_of(const Epoch& epoch) const;
    void add_sample(const Epoch& epoch, base::Instant now);

    const base::Clock& clock_;
    const ClockWatch& watch_;
    base::Counters& counters_;
    std::deque<Epoch> epochs_;  // Never empty; the newest last.
    std::uint32_t begun_ = 0;   // How many have begun: the number of the newest.
    std::vector<wire::ClockSample> samples_;
    std::optional<base::Instant> sampled_at_;
    base::Duration sampled_offset_{};
    std::optional<base::Duration> synced_offset_;  // When it was last synced, in this process.
};

}  // namespace agent
