#pragma once

#include <compare>
#include <optional>
#include <span>
#include <vector>

#include "drivers/core/attempt.hpp"
#include "drivers/gpio/line.hpp"

namespace drivers::ultrasonic {

/// One answer of the sensor. No distance means that nothing is in range, which is an answer too.
struct Echo {
    std::optional<double> distance_m;

    auto operator<=>(const Echo&) const = default;
};

/// What an echo must be to count.
struct EchoLimits {
    double distance_max_m = 4;  // Beyond it nothing is in range.
};

/// In m/s, for dry air as an ideal gas: √(1.400 · R · T / 28.965 g/mol) = 331.3 m/s · √(1 + t /
/// 273.15 °C); 343.2 m/s at 20 °C, where humidity adds at most 0.4 %.
double speed_of_sound(double temperature_celsius);

/// Decodes the edges of ECHO after a pulse on TRIG: the width is the time there and back. 36 ms or
/// more is the sensor's own time-out: out of range. Knows no GPIO and no clock.
Attempt<Echo> decode_echo(std::span<const gpio::Edge> edges, double temperature_celsius,
                          const EchoLimits& limits);

/// One answer from a burst: the median of the distances, without those further from it than three
/// times the median absolute deviation. More than half of the pings must agree on "in range" or
/// "out of range"; otherwise the most frequent refusal is the answer.
Attempt<Echo> combine_echoes(std::span<const Attempt<Echo>> pings);

}  // namespace drivers::ultrasonic
