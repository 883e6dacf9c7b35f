#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/sampling/turns.hpp"
#include "base/clock.hpp"

namespace agent {

/// Whose turn it is: every sensor has a period of its own, and a phase that spreads sensors of the
/// same period over the first second. Triggers no sensor and asks no clock.
class Schedule {
  public:
    /// Sensors are numbered from 0 in the order in which they are added.
    void add(const std::string& sensor, base::Duration period, base::Instant now);

    /// The number of a sensor; nothing when there is none of that name.
    std::optional<std::size_t> find(std::string_view sensor) const;

    /// Begins the turn that is due at `now`; false when none is. `rest` as in Turns.
    bool begin_turn(std::size_t sensor, base::Instant now, base::Duration rest) {
        return turns_.at(sensor).begin_turn(now, rest);
    }

    /// Asks for one turn outside the period, as soon as the rest allows.
    void ask(std::size_t sensor, base::Instant now, base::Duration rest) {
        turns_.at(sensor).ask(now, rest);
    }

    const std::vector<std::string>& sensors() const { return sensors_; }

  private:
    std::vector<std::string> sensors_;
    std::vector<Turns> turns_;  // Of each sensor.
};

}  // namespace agent
