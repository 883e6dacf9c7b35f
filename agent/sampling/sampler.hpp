#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/sampling/aggregator.hpp"
#include "agent/sampling/clock_state.hpp"
#include "agent/sampling/failure_tally.hpp"
#include "agent/sampling/fault_book.hpp"
#include "agent/sampling/schedule.hpp"
#include "agent/sampling/sensor.hpp"
#include "agent/sampling/series_table.hpp"
#include "agent/sampling/timeline.hpp"
#include "base/counters.hpp"
#include "delivery/records/flush.hpp"
#include "delivery/records/record_lines.hpp"

namespace agent {

struct SamplerOptions {
    /// Readings held between two flushes. Beyond this nothing is collected, and the drivers' own
    /// bounds count what that costs; sources that can wait stop at half of it.
    std::size_t readings_max = 4096;

    /// What one sensor may hand over in one tick.
    std::size_t collect_max = 1024;

    FaultBookOptions faults{};
};

/// Triggers every sensor on its own period and turns what comes in into record lines. A slow or
/// dead sensor never delays another. Knows neither outbox nor network.
class Sampler {
  public:
    Sampler(const SamplerOptions& options, std::vector<Sensor> sensors, const base::Clock& clock,
            const ClockWatch& watch, base::Counters& counters);

    /// Triggers what is due and collects what is there. Sources that can wait are left alone unless
    /// `read_on`. True when a source had more to give than one tick accepts.
    bool tick(base::Instant now, bool read_on);

    /// Triggers a sensor outside its period, as soon as its rest allows. False when no sensor has
    /// that name.
    bool ask(std::string_view sensor, base::Instant now);
    const std::vector<std::string>& sensors() const { return schedule_.sensors(); }

    /// Sets the one listener, which hears of every reading and fault; null removes it.
    void set_listener(SensorListener* listener) { listener_ = listener; }

    /// So many readings wait that they should be flushed early.
    bool is_full() const { return waiting() >= options_.readings_max / 4; }

    /// An urgent reading waits, to be committed and sent at once.
    bool is_urgent() const { return urgent_; }

    /// No more readings will come: the next flush also holds the spans that are not over.
    void close() {
        aggregator_.close_all();
        failures_.close_all();
    }

    /// Everything since the last call: declarations and clock records first, then readings, counts
    /// of failed ones and faults, and the positions after exactly these. Empty when there is
    /// nothing.
    delivery::Flush take_flush();

    /// The next flush declares every series again: the far side may not know them.
    void redeclare() { series_.redeclare(); }

    /// The newest readings, as in SeriesTable.
    std::optional<double> latest(std::string_view series) const { return series_.latest(series); }
    std::vector<wire::LatestReading> latest() const { return series_.latest(); }
    std::vector<wire::SeriesDeclaration> shown() const { return series_.shown(); }
    std::uint64_t changes() const { return series_.changes(); }

    /// How many series the sensors have.
    std::size_t series_count() const { return series_.size(); }

    /// What sources that can be read again, as files, had to give at the start, and gave so far: an
    /// older copy of this outbox had read it, too, and its readings may have been sent.
    struct Backlog {
        std::string sensor;
        std::uint64_t readings = 0;
    };
    std::vector<Backlog> backlogs() const;

    /// The last faults, newest first: "climate: checksum".
    const std::deque<std::string>& faults() const { return faults_.newest(); }

  private:
    struct Slot {
        std::size_t number = 0;  // Of the sensor, in the schedule and the series table.
        Sensor sensor;
        base::Counter* readings = nullptr;
        bool finished = false;
        bool has_caught_up = false;  // It had nothing to give once.
        std::uint64_t backlog = 0;   // Readings until then.
    };

    void add(Sensor sensor, base::Instant now);
    void report_series_limit();
    void trigger(Slot& slot, base::Instant now);
    bool collect(Slot& slot, base::Instant now, bool read_on);
    std::size_t waiting() const {
        return pending_.size() + aggregator_.closed() + failures_.closed();
    }
    std::size_t room_for(const Slot& slot, bool read_on) const;
    void accept(Slot& slot, const drivers::Harvest& harvest, base::Instant now);
    void accept(Slot& slot, const drivers::Measurement& measurement, base::Instant now);
    void accept(const Slot& slot, const drivers::Failure& failure, base::Instant now);
    void count(const Slot& slot, const drivers::Failure& failure, const Stamp& stamp);
    void accept_position(const Slot& slot, const std::string& position);
    Filter::Verdict judge(const Slot& slot, std::size_t series,
                          const drivers::Measurement& measurement, base::Instant now);
    void show(const Slot& slot, std::size_t series, const drivers::Measurement& measurement,
              const Stamp& stamp, base::Instant now);
    void keep(const delivery::PendingReading& reading);
    void refuse(const Slot& slot, const char* reason, const drivers::Measurement& measurement,
                base::Instant now);
    /// The stamp of a measurement or a failure: the source's own time, else our time when it came
    /// in.
    template <class Received>
    Stamp stamp_of(const Received& received, base::Instant now) const;

    SamplerOptions options_;
    const base::Clock& clock_;
    base::Counters& counters_;
    Timeline timeline_;
    SensorListener* listener_ = nullptr;

    std::vector<Slot> slots_;
    Schedule schedule_;
    SeriesTable series_;
    FaultBook faults_;
    FailureTally failures_;

    std::vector<delivery::PendingReading> pending_;
    Aggregator aggregator_;
    std::map<std::string, std::string> positions_;
    bool urgent_ = false;
    bool series_limit_reported_ = false;
};

}  // namespace agent
