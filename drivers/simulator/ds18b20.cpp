#include "drivers/simulator/ds18b20.hpp"

#include <algorithm>
#include <cmath>

namespace drivers::simulator {

namespace {

constexpr double kTolerance = 0.5;  // Cel, either way; a part stays within half of it.
constexpr double kNoise = 0.05;

}  // namespace

Ds18b20::Ds18b20(const Room& room) : room_(room) {
    auto random = room.chance("ds18b20");
    offset_ = (random.unit() - 0.5) * kTolerance;
}

double Ds18b20::read(base::EventTime time) const {
    auto random = room_.chance("ds18b20 read", time);
    const double value = room_.temperature(time) + offset_ + kNoise * random.normal();
    return std::clamp(std::round(value / kResolution) * kResolution, kLeast, kMost);
}

}  // namespace drivers::simulator
