#pragma once

#include "drivers/simulator/room.hpp"

namespace drivers::simulator {

struct Hcsr501Options {
    base::Duration hold = std::chrono::seconds{5};      // The potentiometer: 3 to 300 s.
    base::Duration warm_up = std::chrono::seconds{60};  // No output for so long after power-up.
};

/// An HC-SR501 motion sensor with its jumper at H ("HC-SR501 PIR motion detector": retriggerable,
/// hold 0.3-300 s, blind for 2.5 s after each fall, about a minute to settle after power-up). Its
/// output stays high for the hold time after the last motion; then it is blind for a while.
class Hcsr501 {
  public:
    static constexpr base::Duration kBlind = std::chrono::milliseconds{2500};

    Hcsr501(const Room& room, const Hcsr501Options& options) : room_(room), options_(options) {}

    /// The level of the output. Only recent motion counts, which matters only if motion has never
    /// ceased since.
    bool output(base::EventTime time) const;

    /// Whether it has settled, this long after power-up.
    bool has_settled(base::Duration since_power_up) const {
        return since_power_up >= options_.warm_up;
    }

  private:
    const Room& room_;
    Hcsr501Options options_;
};

}  // namespace drivers::simulator
