#include "drivers/simulator/room.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "drivers/simulator/air.hpp"

using namespace std::chrono_literals;

namespace {

constexpr base::EventTime kMidnight = base::from_milliseconds(1'763'596'800'000);
constexpr base::Duration kDay = 24h;

}  // namespace

TEST_CASE("a room depends on its seed and the time, and on nothing else") {
    const drivers::simulator::Room room({.seed = 5});
    const drivers::simulator::Room same({.seed = 5});
    const drivers::simulator::Room other({.seed = 6});
    int different = 0;
    for (int i = 1000; i > 0; --i) {
        const auto time = kMidnight + i * 97s;
        CHECK(room.temperature(time) == same.temperature(time));
        CHECK(room.humidity(time) == same.humidity(time));
        CHECK(room.distance_m(time) == same.distance_m(time));
        if (room.temperature(time) != other.temperature(time)) ++different;
    }
    CHECK(different > 900);
}

TEST_CASE("temperature swings about its mean within a few degrees, and moves smoothly") {
    const drivers::simulator::Room room({.mean_temperature = 21, .amplitude = 2, .seed = 1});
    double sum = 0;
    double highest = -100;
    double lowest = 100;
    const int samples = 60 * 24 * 60;
    for (int i = 0; i < samples; ++i) {
        const auto time = kMidnight + i * 1min;
        const double temperature = room.temperature(time);
        sum += temperature;
        highest = std::max(highest, temperature);
        lowest = std::min(lowest, temperature);
        CHECK(std::abs(room.temperature(time + 1s) - temperature) < 0.02);
    }
    CHECK(sum / samples == doctest::Approx(21).epsilon(0.02));
    CHECK(highest - lowest > 3);
    CHECK(highest < 21 + 2 + 1.5);
    CHECK(lowest > 21 - 2 - 1.5);
}

TEST_CASE("an afternoon is warmer and drier than the night before it") {
    const drivers::simulator::Room room({.seed = 1});
    for (int day = 0; day < 60; ++day) {
        const auto night = kMidnight + day * kDay + 3h;
        const auto afternoon = kMidnight + day * kDay + 15h;
        CHECK(room.temperature(afternoon) > room.temperature(night));
        CHECK(room.humidity(afternoon) < room.humidity(night));
    }
}

TEST_CASE("humidity is what the absolute humidity makes of the temperature") {
    const drivers::simulator::Room room({.seed = 3});
    for (int i = 0; i < 1000; ++i) {
        const auto time = kMidnight + i * 1h;
        CHECK(room.humidity(time) == doctest::Approx(drivers::simulator::relative_humidity(
                                         room.temperature(time), room.absolute_humidity(time))));
    }
    const drivers::simulator::Room wet({.mean_humidity = 99, .seed = 3});
    for (int i = 0; i < 1000; ++i) CHECK(wet.humidity(kMidnight + i * 1h) <= 100);
}

TEST_CASE("people pass by in the morning and hardly at night, some hundred a day") {
    const drivers::simulator::Room room({.seed = 1});
    const int days = 50;
    std::size_t night = 0;
    std::size_t morning = 0;
    std::size_t all = 0;
    for (int day = 0; day < days; ++day) {
        const auto midnight = kMidnight + day * kDay;
        night += room.passings(midnight + 1h, midnight + 3h).size();
        morning += room.passings(midnight + 8h, midnight + 10h).size();
        all += room.passings(midnight, midnight + kDay).size();
    }
    CHECK(morning > 10 * night);
    CHECK(night > 0);
    CHECK(all / days > 100);
    CHECK(all / days < 500);
}

TEST_CASE("passings are the same however the time is cut into pieces") {
    const drivers::simulator::Room room({.seed = 1});
    const auto whole = room.passings(kMidnight + 8h, kMidnight + 9h);
    REQUIRE(whole.size() > 5);
    std::size_t pieces = 0;
    for (auto at = kMidnight + 8h; at < kMidnight + 9h; at += 7s) {
        pieces += room.passings(at, std::min(at + 7s, kMidnight + 9h)).size();
    }
    CHECK(pieces == whole.size());
    CHECK(std::is_sorted(whole.begin(), whole.end(),
                         [](const auto& a, const auto& b) { return a.begin < b.begin; }));
}

TEST_CASE("in front of the sensor is a person, the door, or the wall behind it") {
    const drivers::simulator::Room room({.seed = 1});
    int people = 0;
    int open = 0;
    int shut = 0;
    for (auto time = kMidnight + 7h; time < kMidnight + 10h; time += 500ms) {
        const double distance = room.distance_m(time);
        if (distance < 1.06) {
            CHECK(distance >= 0.35);
            ++people;
        } else {
            CHECK((distance == 1.2 || distance == 2.9));
            ++(distance == 1.2 ? shut : open);
        }
    }
    CHECK(people > 20);
    CHECK(open > 20);
    CHECK(shut > 10'000);
}
