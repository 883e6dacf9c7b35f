#include "drivers/simulator/room.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "drivers/simulator/air.hpp"
#include "wire/identity.hpp"

namespace drivers::simulator {

namespace {

using namespace std::chrono_literals;

constexpr double kTurn = 2 * std::numbers::pi;
constexpr std::array<double, 3> kWeatherDays{3.1, 7.3, 17.9};  // Periods of the weather's waves.
constexpr double kWeatherTemperature = 0.8;                    // Cel, as felt in the room.
constexpr double kWeatherHumidity = 0.25;                      // Share of the absolute humidity.
constexpr double kHottestHour = 15;
constexpr double kHeatingRipple = 0.25;  // Cel: a thermostat with hysteresis,
constexpr double kRippleMinutes = 37;    // one cycle of it,
constexpr double kRippleRising = 0.35;   // the share of it in which it heats.
constexpr double kDoor_m = 1.2;
constexpr double kWall_m = 2.9;
constexpr double kNearest_m = 0.35;
constexpr double kFarthest_m = 1.05;
// Nobody stays in front of the sensor, and no door stays open, for longer than this.
constexpr auto kLongest = 20s;

double hour_of_day(base::EventTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    return static_cast<double>((time - day).count()) / 3.6e6;
}

/// People a minute: hardly any at night, most in the morning and before the evening.
double people_per_minute(double hour) {
    const auto rush = [hour](double at, double width) {
        return std::exp(-(hour - at) * (hour - at) / (2 * width * width));
    };
    return 0.005 + 0.5 * rush(8.5, 1.2) + 0.25 * rush(12.5, 1.5) + 0.5 * rush(17.5, 1.5);
}

/// The sun and the night setback, from -1 to 1. The second wave makes the mornings rise faster than
/// the evenings fall, as heating does.
double daily_swing(double hour) {
    const double angle = kTurn * (hour - kHottestHour) / 24;
    return (std::cos(angle) + 0.2 * std::cos(2 * angle + 0.9)) / 1.2;
}

/// A sawtooth from -1 to 1: heating for a part of each cycle, cooling for the rest.
double ripple(base::EventTime time) {
    const double cycles = static_cast<double>(base::to_milliseconds(time)) / 60e3 / kRippleMinutes;
    const double phase = cycles - std::floor(cycles);
    return phase < kRippleRising ? 2 * phase / kRippleRising - 1
                                 : 1 - 2 * (phase - kRippleRising) / (1 - kRippleRising);
}

/// Knuth's method, which is fine for small means.
std::uint64_t poisson(base::Random& random, double mean) {
    const double limit = std::exp(-mean);
    std::uint64_t count = 0;
    for (double product = random.unit(); product > limit; product *= random.unit()) ++count;
    return count;
}

base::Duration between(base::Random& random, base::Duration least, base::Duration most) {
    return least + base::Duration{random.below(static_cast<std::uint64_t>((most - least).count()))};
}

}  // namespace

Room::Weather::Weather(base::Random random) {
    for (std::size_t i = 0; i < kWeatherDays.size(); ++i) phases_.push_back(random.unit());
}

double Room::Weather::at(base::EventTime time) const {
    const double day = static_cast<double>(base::to_milliseconds(time)) / 86.4e6;
    double sum = 0;
    for (std::size_t i = 0; i < phases_.size(); ++i) {
        sum += std::sin(kTurn * (day / kWeatherDays.at(i) + phases_[i]));
    }
    return sum / static_cast<double>(phases_.size());
}

Room::Room(const RoomOptions& options)
    : options_(options),
      warm_(chance("warm")),
      moist_(chance("moist")),
      mean_absolute_humidity_(
          drivers::simulator::absolute_humidity(options.mean_temperature, options.mean_humidity)) {}

base::Random Room::chance(std::string_view purpose) const {
    return base::Random(options_.seed ^ wire::fnv1a64(purpose));
}

base::Random Room::chance(std::string_view purpose, base::EventTime time) const {
    // The first number of the purpose's own sequence keeps two purposes apart at every moment.
    const auto moment = static_cast<std::uint64_t>(base::to_milliseconds(time));
    return base::Random(chance(purpose).next() + moment * 0x9e3779b97f4a7c15U);
}

double Room::temperature(base::EventTime time) const {
    return options_.mean_temperature + options_.amplitude * daily_swing(hour_of_day(time)) +
           kWeatherTemperature * warm_.at(time) + kHeatingRipple * ripple(time);
}

double Room::absolute_humidity(base::EventTime time) const {
    return mean_absolute_humidity_ * (1 + kWeatherHumidity * moist_.at(time));
}

double Room::humidity(base::EventTime time) const {
    return std::min(100.0, relative_humidity(temperature(time), absolute_humidity(time)));
}

std::vector<Passing> Room::passings(base::EventTime from, base::EventTime to) const {
    std::vector<Passing> result;
    for (auto minute = std::chrono::floor<std::chrono::minutes>(from); minute < to;
         minute += 1min) {
        auto random = chance("people", minute);
        const auto people = poisson(random, people_per_minute(hour_of_day(minute)));
        for (std::uint64_t i = 0; i < people; ++i) {
            Passing passing;
            passing.begin = minute + between(random, 0ms, 60s);
            passing.end = passing.begin + between(random, 800ms, 3500ms);
            passing.distance_m = kNearest_m + (kFarthest_m - kNearest_m) * random.unit();
            const bool through_door = random.chance(2, 5);
            const auto open = between(random, 4s, 12s);
            passing.door_shut = through_door ? passing.end + open : passing.begin;
            if (passing.begin >= from && passing.begin < to) result.push_back(passing);
        }
    }
    std::sort(result.begin(), result.end(),
              [](const Passing& a, const Passing& b) { return a.begin < b.begin; });
    return result;
}

bool Room::door_is_open(base::EventTime time) const {
    const auto recent = passings(time - kLongest, time + 1ms);
    return std::any_of(recent.begin(), recent.end(),
                       [time](const Passing& passing) { return time < passing.door_shut; });
}

double Room::distance_m(base::EventTime time) const {
    double distance = door_is_open(time) ? kWall_m : kDoor_m;
    for (const auto& passing : passings(time - kLongest, time + 1ms)) {
        if (time < passing.end) distance = std::min(distance, passing.distance_m);
    }
    return distance;
}

}  // namespace drivers::simulator
