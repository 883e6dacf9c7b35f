#include "drivers/simulator/hcsr04.hpp"

#include <cmath>

#include "drivers/ultrasonic/echo.hpp"

namespace drivers::simulator {

namespace {

constexpr double kNoise_m = 0.0015;
constexpr double kAssumedTemperature = 20;  // Cel

constexpr std::uint64_t kNoEchoes = 3;  // Of a thousand reads: the sound went elsewhere,
constexpr std::uint64_t kTooFar = 5;    // came back from beyond the range,
constexpr std::uint64_t kStray = 5;     // or was a stray one, too early.

base::Error failed(const char* reason) {
    return {base::Fault::transient, reason};
}

}  // namespace

base::Result<double> Hcsr04::shown_m(double distance_m, double temperature) {
    const double echo_s = 2 * distance_m / ultrasonic::speed_of_sound(temperature);
    const double assumed_m = echo_s * ultrasonic::speed_of_sound(kAssumedTemperature) / 2;
    if (assumed_m < kLeast_m) return failed("too close");
    if (assumed_m > kMost_m) return failed("out of range");
    // Whole millimetres first: 1.203 as the nearest double, not 401 * 0.003. The steps next to the
    // ends of the range (0.021 and 3.999) lie within it.
    const double steps = std::round(assumed_m / kResolution_m);
    const double shown = std::round(steps * 3) / 1000;
    return std::min(std::max(shown, 0.021), 3.999);
}

base::Result<double> Hcsr04::read(base::EventTime time) const {
    auto random = room_.chance("hcsr04 read", time);
    const auto luck = random.below(1000);
    if (luck < kNoEchoes) return failed("no echo");
    if (luck < kNoEchoes + kTooFar) return failed("out of range");
    double distance = room_.distance_m(time);
    if (luck < kNoEchoes + kTooFar + kStray) distance *= 0.3 + 0.6 * random.unit();
    return shown_m(distance + kNoise_m * random.normal(), room_.temperature(time));
}

}  // namespace drivers::simulator
