#pragma once

#include "base/result.hpp"
#include "drivers/simulator/room.hpp"

namespace drivers::simulator {

/// An HC-SR04 (Elecfreaks, "Ultrasonic ranging module HC-SR04": 0.02-4 m, accuracy to 3 mm). It
/// measures how long an echo takes. Its reader has no thermometer and assumes the speed of sound at
/// 20 Cel, so a room seems 0.17 % smaller for each degree above.
class Hcsr04 {
  public:
    static constexpr double kLeast_m = 0.02;
    static constexpr double kMost_m = 4;
    static constexpr double kResolution_m = 0.003;

    explicit Hcsr04(const Room& room) : room_(room) {}

    /// Metres, a multiple of the resolution. Transient, with the reason: about 8 in 1000 reads get
    /// no echo or one from beyond the range; 5 in 1000 succeed with an echo of something else.
    base::Result<double> read(base::EventTime time) const;

    /// The reading for an object at this distance in air of this temperature, without noise.
    static base::Result<double> shown_m(double distance_m, double temperature);

  private:
    const Room& room_;
};

}  // namespace drivers::simulator
