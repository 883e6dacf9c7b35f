#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "agent/records/flush.hpp"
#include "agent/records/record_lines.hpp"
#include "agent/sampling/aggregator.hpp"
#include "agent/sampling/clock_state.hpp"
#include "agent/sampling/filter_settings.hpp"
#include "agent/sampling/sensor.hpp"
#include "agent/sampling/timeline.hpp"
#include "agent/sampling/turns.hpp"
#include "base/counters.hpp"

namespace agent {

struct SamplerOptions {
    /// Readings held between two flushes. Beyond it nothing is collected, and the drivers' own
    /// bounds count what that costs; sources that can wait stop at half of it.
    std::size_t readings_max = 4096;

    /// What one sensor may hand over in one tick.
    std::size_t collect_max = 1024;

    /// One fault record a sensor within this time; the others are counted.
    base::Duration fault_every = std::chrono::minutes{1};

    /// A fault that stays the same is in the log once within this time.
    base::Duration fault_told_every = std::chrono::hours{1};

    /// Fault records held between two flushes; more are counted.
    std::size_t fault_records_max = 256;

    /// Fault texts kept for the status.
    std::size_t faults_kept = 8;
};

/// Asks every sensor on its own period and turns what comes into record lines. A slow or dead
/// sensor delays no other. Knows neither outbox nor network.
class Sampler {
  public:
    Sampler(SamplerOptions options, std::vector<Sensor> sensors, const base::Clock& clock,
            const ClockWatch& watch, base::Counters& counters);

    /// Triggers what is due and collects what is there. Sources that can wait are left alone unless
    /// `read_on`. True when a source had more to give than one tick takes.
    bool tick(base::Instant now, bool read_on);

    /// Triggers a sensor beside its period, as soon as it may be. False when none is called so.
    bool ask(std::string_view sensor, base::Instant now);
    std::vector<std::string> sensors() const;
    void tell(SensorListener* listener) { listener_ = listener; }

    /// Time to flush before its time.
    bool full() const;

    /// Something waits that should be committed and sent at once.
    bool is_urgent() const { return urgent_; }

    /// No reading comes any more: the next flush holds the spans that are not over too.
    void close() { aggregator_.close_all(); }

    /// Everything since the last call: declarations and clock records first, then readings, then
    /// faults, and the positions after exactly these. Empty when there is nothing.
    Flush take_flush();

    /// The next flush declares every series again: the far side may not know them.
    void redeclare() { declare_again_ = true; }

    /// The newest value of a series; nothing while it has none.
    std::optional<double> latest(std::string_view series) const;

    /// The newest reading of every series that has one; `changes()` moves whenever one is
    /// recorded: what the deadband suppresses is told with the next one.
    std::vector<wire::LatestReading> latest() const;
    std::uint64_t changes() const { return changes_; }
    std::vector<wire::SeriesDeclaration> shown() const;  // Of the same series.

    /// The last faults, newest first: "climate: checksum".
    const std::deque<std::string>& faults() const { return faults_; }

  private:
    struct Slot {
        Sensor sensor;
        Turns turns;
        std::vector<std::optional<std::size_t>> series;  // Of each quantity; none: unusable name.
        std::vector<Filter> filters;                     // Of each quantity.
        std::optional<base::Instant> last_fault;
        std::optional<base::Instant> fault_told{};  // In the log.
        std::string told{};                         // Its reason, without numbers.
        base::Counter* readings = nullptr;
        bool finished = false;
    };

    void trigger(Slot& slot, base::Instant now);
    bool collect(Slot& slot, base::Instant now, bool read_on);
    std::size_t room_for(const Slot& slot, bool read_on) const;
    void meet_series(Slot& slot);
    void take(Slot& slot, const drivers::Measurement& measurement, base::Instant now);
    void take(Slot& slot, const drivers::Failure& failure, base::Instant now);
    Filter::Verdict judge(Slot& slot, const drivers::Measurement& measurement, base::Instant now);
    void keep(const PendingReading& reading, const FilterOptions& filter);
    void tell_unmet_filters(const Slot& slot) const;
    void tell(const std::string& reason, Slot& slot, base::Instant now) const;
    void record(const drivers::Failure& failure, const Slot& slot, base::Instant now);
    void refuse(Slot& slot, const char* reason, const drivers::Measurement& measurement,
                base::Instant now);
    /// Of a measurement or a failure: the source's own time, else ours when it was taken.
    template <class Taken>
    Stamp stamp_of(const Taken& taken, base::Instant now) const;
    wire::SeriesDeclaration declaration(const Slot& slot, std::size_t quantity) const;
    void declare(Flush& flush);

    SamplerOptions options_;
    const base::Clock& clock_;
    base::Counters& counters_;
    Timeline timeline_;
    SensorListener* listener_ = nullptr;
    std::vector<Slot> slots_;

    std::vector<std::string> names_;  // Of the series, in order of appearance.
    std::vector<std::optional<wire::LatestReading>> latest_;
    std::vector<wire::SeriesDeclaration> declarations_;
    std::size_t declared_ = 0;  // How many of them a flush has carried.
    bool declare_again_ = false;

    std::vector<PendingReading> pending_;
    Aggregator aggregator_;
    bool urgent_ = false;
    std::vector<wire::SensorFault> pending_faults_;
    std::map<std::string, std::string> positions_;
    std::deque<std::string> faults_;
    std::uint64_t changes_ = 0;
};

}  // namespace agent
