#include "drivers/simulator/dht11.hpp"

#include <algorithm>
#include <cmath>

namespace drivers::simulator {

namespace {

// Tolerances are limits, so a part's offset stays well within them. The noise is our choice, below
// the manual's repeatability of ±1.
constexpr double kTemperatureTolerance = 2;
constexpr double kHumidityTolerance = 5;
constexpr double kTemperatureNoise = 0.2;
constexpr double kHumidityNoise = 0.5;

constexpr std::uint64_t kBadChecksums = 10;  // Of a thousand reads.
constexpr std::uint64_t kNoAnswers = 5;

double offset(base::Random& random, double tolerance) {
    return (random.unit() - 0.5) * tolerance;
}

double shown_by_part(double value, double least, double most) {
    return std::clamp(std::round(value), least, most);
}

base::Error failed(const char* reason) {
    return {base::Fault::transient, reason};
}

}  // namespace

Dht11::Dht11(const Room& room) : room_(room) {
    auto random = room.chance("dht11");
    temperature_offset_ = offset(random, kTemperatureTolerance);
    humidity_offset_ = offset(random, kHumidityTolerance);
}

base::Result<Dht11::Values> Dht11::read(base::EventTime time) const {
    auto random = room_.chance("dht11 read", time);
    const auto luck = random.below(1000);
    if (luck < kBadChecksums) return failed("checksum");
    if (luck < kBadChecksums + kNoAnswers) return failed("no answer");
    const double temperature =
        room_.temperature(time) + temperature_offset_ + kTemperatureNoise * random.normal();
    const double humidity =
        room_.humidity(time) + humidity_offset_ + kHumidityNoise * random.normal();
    return Values{.temperature = shown_by_part(temperature, kTemperatureLeast, kTemperatureMost),
                  .humidity = shown_by_part(humidity, kHumidityLeast, kHumidityMost)};
}

}  // namespace drivers::simulator
