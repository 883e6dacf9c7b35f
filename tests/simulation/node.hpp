#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/node/agent.hpp"
#include "base/counters.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "simulation/ledger.hpp"
#include "simulation/lossy_broker.hpp"
#include "simulation/power_cut_vfs.hpp"
#include "support/manual_clock.hpp"

namespace simulation {

/// When a value was measured in truth, and what the node's wall clock showed then.
struct Moment {
    base::EventTime really;
    base::EventTime shown;
};

/// What the node's sensors measure. It belongs to the world, not to the program, and so goes on
/// when the program dies: every value is new.
struct Surface {
    /// Every so many rows of the file one cannot be read.
    static constexpr std::uint64_t kBadRowEvery = 13;

    double next_value = 1;
    std::map<double, Moment> moments;  // Of each value.
    std::uint64_t file_rows = 0;       // Of the file that the node reads.
    bool quiet = false;                // Nothing more to measure.
    std::int64_t at_once = 1;          // Measurements a second.
};

/// A node: the real agent over the real SQLite outbox, on a disk that forgets and with a clock that
/// jumps. Its power fails and comes back.
class Node {
  public:
    /// Under pressure the outbox is small and the sensor fast.
    Node(std::string name, LossyBroker& relay, const support::ManualClock& clock, Ledger& ledger,
         base::Random& random, bool under_pressure);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void tick();

    /// The power fails after this many more writes to the disk, in the middle of anything.
    void cut_power_after(std::uint64_t operations) { disk_.cut_after(operations); }
    /// kill -9: the disk keeps what was written.
    void kill();
    void start();
    /// The machine starts again: another boot, and its time since boot begins at 0.
    void reboot();
    bool running() const { return program_ != nullptr; }

    /// The node's wall clock is set by hand.
    void step_clock(base::Duration step) { skew_ += step; }

    /// Without a battery: after a reboot the wall clock may show any time.
    void lose_time(base::Duration off_by);

    /// A time service sets the wall clock, right to within `error`; or it is away.
    void sync_clock(base::Duration error);
    void lose_sync() { discipline_ = {.synced = false, .error = std::chrono::seconds{16}}; }

    /// The oscillator is off by this many parts in a million.
    void set_drift(std::int64_t ppm) { drift_ppm_ = ppm; }

    /// The sensors fall silent.
    void silence() { surface_.quiet = true; }

    /// Everything committed is applied, and nothing waits to be committed.
    bool settled() const;

    const Surface& surface() const { return surface_; }
    const std::string& name() const { return name_; }
    std::uint64_t power_cuts() const { return power_cuts_; }
    wire::ClockState clock_state() const;
    std::uint64_t head() const;
    std::uint64_t applied() const;
    /// Records, over all lives of the program.
    std::uint64_t thinned() const;
    std::uint64_t evicted() const;
    /// How often its numbers were observed to have a hole.
    std::uint64_t holes() const { return holes_; }

  private:
    struct Program;
    class Clock;

    void lose_power();
    void begin_boot();

    std::string name_;
    LossyBroker& relay_;
    const support::ManualClock& clock_;
    Ledger& ledger_;
    base::Random& random_;
    Surface surface_;
    base::Duration skew_{0};
    std::int64_t drift_ppm_ = 0;
    agent::Discipline discipline_{.synced = true, .error = std::chrono::milliseconds{1}};
    std::string boot_id_;
    base::Instant booted_at_;
    PowerCutDisk disk_;
    std::unique_ptr<Clock> own_clock_;
    std::unique_ptr<Program> program_;
    std::optional<LedgerOutbox::Doubt> doubt_;
    std::uint64_t power_cuts_ = 0;
    std::uint64_t thinned_before_ = 0;
    std::uint64_t evicted_before_ = 0;
    std::uint64_t holes_ = 0;
    std::uint64_t quota_;
};

}  // namespace simulation
