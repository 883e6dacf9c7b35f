#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace drivers::pir {

struct OccupancyOptions {
    base::Duration warm_up{60'000};       // After the board booted and powered the sensor.
    base::Duration hold{30'000};          // Stays occupied for this long after the last motion.
    base::Duration stuck_after{600'000};  // High for longer than this is a fault. Zero: never.
};

/// What a motion sensor said, or what follows from it.
struct OccupancyEvent {
    enum class Kind {
        motion,      // value: 1 begins, 0 ends.
        occupied,    // value: 1 or 0.
        lasted,      // value: how long it has been occupied, in seconds; 0 when it is not.
        stuck_high,  // It has been high for too long; reported once until it falls.
        missed,      // The level contradicts the edges: one of them was lost.
        warming_up,  // value: how many edges were ignored since the last of these.
    };

    Kind kind = Kind::motion;
    double value = 0;
    base::Instant at;

    auto operator<=>(const OccupancyEvent&) const = default;
};

/// Derives motion and occupancy from a contact's level and edges. Does no I/O and asks no clock.
class Occupancy {
  public:
    explicit Occupancy(const OccupancyOptions& options) : options_(options) {}

    using Events = std::vector<OccupancyEvent>;

    /// The line went up or down.
    Events edge(bool rising, base::Instant at);

    /// The line's level as read just now: at the start and every period. Always gives motion,
    /// occupancy and how long that has lasted, so that silence is never ambiguous.
    Events level(bool high, base::Instant now);

    /// Time has passed.
    Events pass(base::Instant now);

  private:
    bool is_warming_up(base::Instant now) const;
    bool is_occupied(base::Instant now) const;
    void change(bool high, base::Instant at);
    void add_occupied(base::Instant at, Events& events);
    void add_lasted(base::Instant at, Events& events) const;

    OccupancyOptions options_;
    std::optional<bool> high_;  // Unknown before the first level or edge.
    std::optional<base::Instant> high_since_;
    std::optional<base::Instant> last_fall_;
    bool was_occupied_ = false;
    base::Instant occupied_since_;
    bool stuck_reported_ = false;
    std::size_t ignored_ = 0;
};

}  // namespace drivers::pir
