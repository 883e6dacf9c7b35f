#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "hil/pins.hpp"

namespace hil {

/// An HC-SR501 and an HC-SR04 on the board's pins, as guest/pins.toml names them. One thread plays
/// both: step() acts on what is due and on what the board does.
class Sensors {
  public:
    using Clock = std::chrono::steady_clock;
    using Microseconds = std::chrono::duration<double, std::micro>;

    explicit Sensors(Pins& pins) : pins_(pins) {}

    /// Puts something at this distance from now on.
    void set_distance(double metres);

    /// From now on motion begins and ends in turn; each level lasts as long as given.
    void play_motion(std::vector<std::chrono::milliseconds> holds);
    bool motion_ended() const { return changes_.size() > holds_.size(); }
    /// When the level changed, as far as it was played.
    const std::vector<Clock::time_point>& motion() const { return changes_; }

    /// How much longer than wanted each echo was, by this machine's scheduling.
    const std::vector<double>& echo_errors_us() const { return echo_errors_us_; }

    /// Waits at most some milliseconds for the board.
    void step();

  private:
    void answer_trigger();
    void change_motion_when_due();

    Pins& pins_;
    Microseconds echo_{};
    std::vector<double> echo_errors_us_;
    std::vector<std::chrono::milliseconds> holds_;
    std::vector<Clock::time_point> changes_;
    Clock::time_point motion_due_ = Clock::time_point::max();
    bool motion_ = false;
};

}  // namespace hil
