#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/gpio/line.hpp"

namespace drivers::ultrasonic {

/// One answer of the sensor. No distance: nothing is within its range, which is an answer too.
struct Echo {
    std::optional<double> distance_m;

    auto operator<=>(const Echo&) const = default;
};

/// What is asked of an echo before it counts.
struct EchoLimits {
    double distance_max_m = 4;  // Beyond it nothing is in range.
};

/// Why there is no echo: what Failure::reason says.
namespace echo_reason {
inline constexpr std::string_view kNoEcho = "no echo";         // ECHO never rose: wiring, power.
inline constexpr std::string_view kStuckHigh = "stuck high";   // ECHO was high before the pulse.
inline constexpr std::string_view kStuckEcho = "stuck echo";   // ECHO rose and never fell.
inline constexpr std::string_view kTooClose = "too close";     // Nearer than 2 cm: not measurable.
inline constexpr std::string_view kMerged = "merged edges";    // Not one rise and one fall.
inline constexpr std::string_view kTooFew = "too few echoes";  // Of a burst, no kind prevailed.
}  // namespace echo_reason

/// In dry air, as an ideal gas: √(1.400 · R · T / 28.965 g/mol) = 331.3 m/s · √(1 + t / 273.15 °C);
/// 343.2 m/s at 20 °C, where humidity adds at most 0.4 %.
double speed_of_sound(double temperature_celsius);

/// The edges of ECHO after one pulse on TRIG as a distance: the width is the time there and back.
/// 36 ms or more is the sensor's own time-out: out of range. Knows no GPIO and no clock.
base::Result<Echo> decode_echo(std::span<const gpio::Edge> edges, double temperature_celsius,
                               const EchoLimits& limits);

/// A burst as one answer: the median of what is in range, after what lies further than three times
/// the median absolute deviation from it is left out. More than half of the pings must agree on "in
/// range" or "out of range"; otherwise the reason that was met most often.
base::Result<Echo> combine_echoes(std::span<const base::Result<Echo>> pings);

}  // namespace drivers::ultrasonic
