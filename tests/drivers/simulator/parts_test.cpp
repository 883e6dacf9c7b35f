// Goal: the simulated parts are no better than the real ones.
// Method: ten thousand reads each, at fixed seeds, against the data sheets.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "drivers/simulator/dht11.hpp"
#include "drivers/simulator/ds18b20.hpp"
#include "drivers/simulator/hcsr04.hpp"
#include "drivers/simulator/hcsr501.hpp"

using namespace std::chrono_literals;

namespace {

constexpr base::EventTime kMidnight = base::from_milliseconds(1'763'596'800'000);
constexpr int kReads = 10'000;

base::EventTime nth(int i) {
    return kMidnight + i * 2s;
}

/// When the level changes within a span, asked every 100 ms.
struct Pulse {
    base::EventTime rise;
    base::EventTime fall;
};

std::vector<Pulse> pulses(const drivers::simulator::Hcsr501& part, base::EventTime from,
                          base::EventTime to) {
    std::vector<Pulse> result;
    bool high = true;
    for (auto time = from; time < to; time += 100ms) {
        const bool now = part.output(time);
        if (now && !high) result.push_back({time, time});
        if (!now && high && !result.empty()) result.back().fall = time;
        high = now;
    }
    return result;
}

}  // namespace

TEST_CASE("a DHT11 shows whole numbers within its range, near the truth") {
    const drivers::simulator::Room room({.seed = 1});
    const drivers::simulator::Dht11 part(room);
    for (int i = 0; i < kReads; ++i) {
        const auto values = part.read(nth(i));
        if (!values) continue;
        CHECK(values.value().temperature == std::round(values.value().temperature));
        CHECK(values.value().humidity == std::round(values.value().humidity));
        CHECK(std::abs(values.value().temperature - room.temperature(nth(i))) <= 2 + 0.5);
        CHECK(std::abs(values.value().humidity - room.humidity(nth(i))) <= 5 + 0.5);
    }
}

TEST_CASE("a DHT11 holds its value at the ends of its range") {
    const drivers::simulator::Room hot({.mean_temperature = 58, .mean_humidity = 5, .seed = 1});
    const drivers::simulator::Room cold({.mean_temperature = -8, .mean_humidity = 99, .seed = 1});
    const drivers::simulator::Dht11 in_hot(hot);
    const drivers::simulator::Dht11 in_cold(cold);
    for (int i = 0; i < 1000; ++i) {
        if (const auto values = in_hot.read(nth(i))) {
            CHECK(values.value().temperature == 50);
            CHECK(values.value().humidity == 20);
        }
        if (const auto values = in_cold.read(nth(i))) {
            CHECK(values.value().temperature == 0);
            CHECK(values.value().humidity <= 90);
        }
    }
}

TEST_CASE("one to two percent of a DHT11's reads fail, in both ways") {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        CAPTURE(seed);
        const drivers::simulator::Room room({.seed = seed});
        const drivers::simulator::Dht11 part(room);
        std::map<std::string, int> failures;
        for (int i = 0; i < kReads; ++i) {
            if (const auto values = part.read(nth(i)); !values) ++failures[values.error().detail];
        }
        CHECK(failures.size() == 2);
        CHECK(failures["checksum"] > 60);
        CHECK(failures["checksum"] < 140);
        CHECK(failures["no answer"] > 25);
        CHECK(failures["no answer"] < 80);
    }
}

TEST_CASE("two DHT11 in rooms of different seeds are off by different amounts") {
    const auto error_of = [](std::uint64_t seed) {
        const drivers::simulator::Room room({.seed = seed});
        const drivers::simulator::Dht11 part(room);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < kReads; ++i) {
            const auto values = part.read(nth(i));
            if (!values) continue;
            sum += values.value().temperature - room.temperature(nth(i));
            ++count;
        }
        return sum / count;
    };
    double least = 10;
    double most = -10;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        least = std::min(least, error_of(seed));
        most = std::max(most, error_of(seed));
    }
    CHECK(least >= -1.2);
    CHECK(most <= 1.2);
    CHECK(most - least > 0.5);
}

TEST_CASE("a DS18B20 shows sixteenths of a degree, near the truth, below zero as well") {
    const drivers::simulator::Room room({.mean_temperature = -18, .seed = 1});
    const drivers::simulator::Ds18b20 part(room);
    for (int i = 0; i < kReads; ++i) {
        const double value = part.read(nth(i));
        CHECK(value * 16 == std::round(value * 16));
        CHECK(std::abs(value - room.temperature(nth(i))) <= 0.5 + 0.05);
    }
}

TEST_CASE("an HC-SR04 shows multiples of 3 mm within its range") {
    const drivers::simulator::Room room({.seed = 1});
    const drivers::simulator::Hcsr04 part(room);
    std::map<std::string, int> failures;
    int stray = 0;
    for (int i = 0; i < kReads; ++i) {
        const auto distance = part.read(nth(i));
        if (!distance) {
            ++failures[distance.error().detail];
            continue;
        }
        const double millimetres = distance.value() * 1000;
        CHECK(std::abs(millimetres - 3 * std::round(millimetres / 3)) < 1e-9);
        CHECK(distance.value() >= drivers::simulator::Hcsr04::kLeast_m);
        CHECK(distance.value() <= drivers::simulator::Hcsr04::kMost_m);
        if (std::abs(distance.value() - room.distance_m(nth(i))) > 0.05) ++stray;
    }
    CHECK(failures.size() == 2);
    CHECK(failures["out of range"] > 25);
    CHECK(failures["out of range"] < 80);
    CHECK(failures["no echo"] > 10);
    CHECK(failures["no echo"] < 55);
    CHECK(stray > 25);
    CHECK(stray < 80);
}

TEST_CASE("sound is quicker in warm air, so a warm room looks smaller") {
    using drivers::simulator::Hcsr04;
    CHECK(Hcsr04::shown_m(3, 20).value() == doctest::Approx(3.0));
    CHECK(Hcsr04::shown_m(3, 30).value() == doctest::Approx(2.949));
    CHECK(Hcsr04::shown_m(3, 5).value() == doctest::Approx(3.081).epsilon(0.001));
    CHECK(Hcsr04::shown_m(0.02, 20).value() >= 0.02);
    CHECK(Hcsr04::shown_m(4.0, 20).value() <= 4);
    CHECK(Hcsr04::shown_m(0.015, 20).error().detail == "too close");
    CHECK(Hcsr04::shown_m(4.1, 20).error().detail == "out of range");
}

TEST_CASE("an HC-SR501 stays high for its hold time and is blind after it") {
    const drivers::simulator::Room room({.seed = 1});
    const drivers::simulator::Hcsr501 part(room, {.hold = 5s, .warm_up = 0s});
    const auto seen = pulses(part, kMidnight + 7h, kMidnight + 10h);
    REQUIRE(seen.size() > 20);
    bool prolonged = false;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].fall == seen[i].rise) continue;  // Still high at the end.
        CHECK(seen[i].fall - seen[i].rise >= 5s);
        prolonged = prolonged || seen[i].fall - seen[i].rise > 9s;
        if (i > 0) CHECK(seen[i].rise - seen[i - 1].fall >= 2400ms);
    }
    CHECK(prolonged);  // Its jumper is at H: motion within the hold time prolongs it.
}

TEST_CASE("an HC-SR501 goes high when somebody comes and it is not blind") {
    const drivers::simulator::Room room({.seed = 1});
    const drivers::simulator::Hcsr501 part(room, {.hold = 3s, .warm_up = 0s});
    std::size_t seen = 0;
    const auto passings = room.passings(kMidnight + 7h, kMidnight + 10h);
    for (const auto& passing : passings) {
        if (part.output(passing.begin)) ++seen;
    }
    CHECK(seen > passings.size() * 3 / 4);
    CHECK(seen < passings.size());
}
