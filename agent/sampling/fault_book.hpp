#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/sampling/timeline.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "delivery/records/flush.hpp"
#include "drivers/core/driver.hpp"
#include "wire/record.hpp"

namespace agent {

struct FaultBookOptions {
    /// One fault record a sensor within this time; the others are only counted.
    base::Duration record_every = std::chrono::minutes{1};

    /// A fault that stays the same is in the log once within this time.
    base::Duration report_every = std::chrono::hours{1};

    /// Records held between two flushes: without a bound they would grow while the outbox accepts
    /// nothing.
    std::size_t records_max = 256;

    /// Faults kept for the status.
    std::size_t newest_max = 8;
};

/// What is told of readings that failed: some become records, few reach the log, and the newest are
/// kept for the status. A FailureTally counts them all for their windows. Asks no clock and knows
/// no sensor but by its name.
class FaultBook {
  public:
    FaultBook(const FaultBookOptions& options, base::Counters& counters)
        : options_(options), counters_(counters) {}

    /// `readings` is how many it stands for; 0 when it is only worth telling.
    void add(wire::SensorFault fault, std::uint64_t readings, base::Instant now);

    /// Hands the records over to the flush.
    void add_to(delivery::Flush& flush);

    /// Newest first: "climate: checksum".
    const std::deque<std::string>& newest() const { return newest_; }

  private:
    struct SensorBook {
        std::optional<base::Instant> recorded;
        base::Reminder reminder;
    };

    SensorBook& book_of(const std::string& sensor);
    void keep_for_status(const wire::SensorFault& fault);
    void report(const wire::SensorFault& fault, SensorBook& book, base::Instant now) const;
    void record(wire::SensorFault fault);
    void count(const char* counter, const char* help, const std::string& sensor,
               std::uint64_t amount = 1) const;

    FaultBookOptions options_;
    base::Counters& counters_;
    std::map<std::string, SensorBook> books_;
    std::vector<wire::SensorFault> pending_;
    std::deque<std::string> newest_;
};

/// The fault of a sensor as its record has it: the reason is printable, bounded and not
/// empty; the edges are finite and bounded.
wire::SensorFault fault_of(const std::string& sensor, const drivers::Failure& failure,
                           const Stamp& stamp);

}  // namespace agent
