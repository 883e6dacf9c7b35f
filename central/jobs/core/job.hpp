#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobs {

/// What a run is asked to do, beyond the job's configuration.
struct Order {
    std::optional<base::EventTime> from{};  // Only what is of this time,
    std::optional<base::EventTime> to{};    // exclusive.
    std::optional<std::uint64_t> limit{};   // No more than so much: for a trial.
    bool is_dry = false;                    // Only to say what it would do.
    bool is_changed = false;                // Keys of the job were said for this run.

    /// As configured: not of another time, not a trial, and nothing else was said.
    bool is_whole() const { return !from && !to && !limit && !is_changed; }
};

/// What of an order a job can heed.
struct Heeds {
    bool from = false;
    bool to = false;
    bool limit = false;
};

/// What a run did.
struct Work {
    std::uint64_t records = 0;
    std::string read{};
    std::string wrote{};
};

/// Hears how far a run is. For a person who waits.
class Progress {
  public:
    virtual ~Progress() = default;

    /// `total` is 0 while it is not known.
    virtual void report(std::uint64_t done, std::uint64_t total) = 0;

    /// Whether the run is still the only one: to be asked before what is seen of it is written.
    virtual base::Status may_write() { return base::Done{}; }
};

/// Work that is done now and then. It may die at any point: run again, it does what is missing, and
/// nothing twice.
class Job {
  public:
    virtual ~Job() = default;

    /// What it does, with what it reads and writes: a few sentences for people.
    virtual std::string explain() const = 0;

    /// An order that says more is refused, rather than carried out as if it said less.
    virtual Heeds heeds() const = 0;

    /// What a person should do when it fails, whatever the reason was.
    virtual std::string remedy() const = 0;

    virtual base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) = 0;
};

}  // namespace jobs
