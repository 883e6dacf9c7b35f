#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/core/sign.hpp"

namespace drivers {

/// How often a quantity is measured, seen from the period of its sensor.
enum class Rhythm {
    every_period,  // One reading a period: one that is not there is missing.
    also_between,  // At least one a period, and more when something changes.
    events,        // Only when something happens: silence says nothing.
};

/// What a driver can measure; one for each series.
struct Quantity {
    std::string name;  // The second half of the series name: "temperature".
    std::string kind;  // The physical quantity: "temperature"; several entries may share it.
    std::string unit;  // SenML (RFC 8428).
    std::optional<double> least;
    std::optional<double> most;
    std::optional<double> resolution;
    bool urgent = false;  // A change is sent at once: a person may be waiting for it.
    Rhythm rhythm = Rhythm::every_period;
};

/// One value. `quantity` is an index into Driver::quantities().
struct Measurement {
    std::size_t quantity = 0;
    double value = 0;
    base::Instant taken;  // When it was measured, on this machine's boot clock.
    std::optional<base::EventTime> source_time;  // By the source's own clock, if it has one.
};

/// Readings that failed: why, and the times of the edges if it is a pulse sensor's. Hand over every
/// one, each with its own time: who receives them counts them all in their windows, and limits by
/// itself how many are shown in words.
struct Failure {
    std::string reason;  // A few words for people: "checksum", "line 7: \"2,5\" is no number".
    base::Instant taken;
    std::vector<double> edges_us{};

    /// If the source has a clock of its own: when the reading would have been taken; when nothing
    /// says so, the time of the readings around it.
    std::optional<base::EventTime> source_time{};

    Sign sign = Sign::other;  // What programs go by.

    /// Which quantities it cost a reading, as indices into Driver::quantities(). Empty: all.
    std::vector<std::size_t> quantities{};

    /// How many readings of each it cost. 0: none, it is only worth telling: "restarted".
    std::uint64_t readings = 1;

    /// Under which word it is counted: "no number". One of few, never with a value, a number or a
    /// place in it. Empty: the reason is such a word itself.
    std::string cause{};
};

/// What was measured since the last collect().
struct Harvest {
    std::vector<Measurement> measurements;
    std::vector<Failure> failures;

    /// For a source that can be read again from a position (a file): the position after exactly
    /// these measurements. It is committed together with them and handed back at the next start, so
    /// that a restart neither loses nor repeats one.
    std::optional<std::string> position;

    /// The source has ended; nothing more will come.
    bool finished = false;
};

/// A sensor, or anything that yields measurements. Never blocks: a slow capture works in its own
/// thread, and the driver only collects from its bounded mailbox.
class Driver {
  public:
    virtual ~Driver() = default;

    /// What it measures; known after construction. May grow, but never shrinks or changes order.
    virtual const std::vector<Quantity>& quantities() const = 0;

    /// Begins a reading; called once a period. A source that sends by itself does nothing here.
    virtual void trigger(base::Instant now) = 0;

    /// How long it must be left alone between two triggers; zero if it need not be.
    virtual base::Duration rest() const { return base::Duration::zero(); }

    /// What was measured, at most `measurements_max`, oldest first.
    virtual Harvest collect(base::Instant now, std::size_t measurements_max) = 0;

    /// Whether it can wait without losing anything, like a file: then it is not collected while the
    /// outbox is nearly full.
    virtual bool can_wait() const { return false; }
};

}  // namespace drivers
