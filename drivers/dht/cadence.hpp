#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace drivers::dht {

struct CadenceOptions {
    base::Duration apart{2000};  // The least time between two starts.
    int tries = 3;               // Attempts at one reading.
    int failures_to_down = 5;    // Failed readings in a row.
    base::Duration apart_down{30'000};
};

/// Decides when a sensor may be read: never more often than it allows. A failed try is repeated
/// until the next reading is due, and a dead sensor is left alone for a while. Does no I/O and asks
/// no clock.
class Cadence {
  public:
    enum class Answer {
        accepted,   // A reading begins when due() says so.
        overtakes,  // So it does; the one before, which was to be tried again, has failed.
        too_soon,   // Refused: the sensor was read just now.
        down,       // Refused: the sensor is left alone for a while.
    };
    enum class State { ok, stale, down };
    enum class Failed {
        attempt,    // Only this try: the reading is tried again.
        reading,    // The reading.
        last_straw  // The reading, and the sensor is down from now on.
    };

    explicit Cadence(const CadenceOptions& options) : options_(options) {}

    /// Asks for a reading.
    Answer ask(base::Instant now);

    /// Whether to start the sensor now; if so, call started() next.
    bool due(base::Instant now) const;
    void started(base::Instant now);

    void succeeded();
    Failed failed();

    /// ok after a good reading, stale before the first and after a failed one, down after several.
    State state() const { return state_; }

  private:
    bool may_start(base::Instant now, base::Duration apart) const;
    Failed fail_reading();

    CadenceOptions options_;
    State state_ = State::stale;
    std::optional<base::Instant> last_start_;
    bool wanted_ = false;
    bool running_ = false;
    bool retried_ = false;  // The reading that was begun last needed more than one try.
    int tries_left_ = 0;
    int failures_ = 0;
};

/// "ok", "stale" or "down".
std::string_view to_text(Cadence::State state);

/// Holds back a value that is far from the last good one until a second one confirms it: a wrong
/// value does not get past an 8-bit checksum by chance twice in a row.
class JumpGuard {
  public:
    /// A value further than `step_most` from the last good one, within `memory` of it, waits.
    JumpGuard(double step_most, base::Duration memory) : step_most_(step_most), memory_(memory) {}

    bool accepts(double value, base::Instant now);

  private:
    struct Seen {
        double value = 0;
        base::Instant at;
    };

    bool near(const std::optional<Seen>& seen, double value) const;

    double step_most_;
    base::Duration memory_;
    std::optional<Seen> good_;
    std::optional<Seen> waiting_;
};

}  // namespace drivers::dht
