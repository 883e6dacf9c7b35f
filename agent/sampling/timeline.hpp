#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/records/flush.hpp"
#include "agent/sampling/clock_state.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "wire/record.hpp"

namespace agent {

/// Under which the outbox keeps the boot in which the clock was synced last, among the positions of
/// sensors: none can have this name.
constexpr const char* kSyncedBootPosition = "@synced-boot";

/// The time of a reading.
struct Stamp {
    base::EventTime at;  // With ClockState::boot: milliseconds since the boot.
    wire::ClockState clock = wire::ClockState::synced;

    std::string_view boot{};                     // Where it was taken; empty when nothing names it.
    std::optional<base::Duration> since_boot{};  // When `at` does not say it.

    /// Readings of different epochs cannot share a record: the wall clock was stepped in between.
    std::uint32_t epoch = 0;
};

/// What the wall clock was against the time since the boot, and how far it could be trusted. Stamps
/// every reading by the clock of the moment in which it was taken, so that a step changes only
/// readings taken after it, and writes the clock records. Decides nothing by the wall clock.
class Timeline {
  public:
    Timeline(const base::Clock& clock, const ClockWatch& watch, base::Counters& counters);

    /// Looks at the clocks; a change counts from now on.
    void look(base::Instant now);

    Stamp stamp(base::Instant taken) const;

    /// Of a reading whose source has a clock of its own: it does not depend on ours.
    Stamp stamp(base::EventTime by_source) const { return {.at = by_source}; }

    /// The boot that records name; empty when nothing names it.
    std::string boot() const { return std::string{watch_.boot()}; }

    /// Adds the clock records since the last call, and that this boot was synced.
    void add_to(Flush& flush);

  private:
    struct Epoch {
        base::Instant since;
        wire::ClockState state = wire::ClockState::boot;
        base::Duration offset{};  // Wall time less time since boot, as seen last.
    };

    Epoch see(base::Instant now) const;
    bool is_sample_due(const Epoch& epoch, bool is_new, base::Instant now) const;
    base::Duration error_of(const Epoch& epoch) const;
    void sample(const Epoch& epoch, base::Instant now);

    const base::Clock& clock_;
    const ClockWatch& watch_;
    base::Counters& counters_;
    std::deque<Epoch> epochs_;  // Never empty; the newest last.
    std::uint32_t begun_ = 0;   // How many were begun: the number of the newest.
    std::vector<wire::ClockSample> samples_;
    std::optional<base::Instant> sampled_at_;
    base::Duration sampled_offset_{};
    std::optional<base::Duration> synced_offset_;  // When it was synced last, in this process.
};

}  // namespace agent
