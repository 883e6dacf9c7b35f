#include "agent/sampling/schedule.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

namespace {

using namespace std::chrono_literals;
using agent::Schedule;
using base::Duration;
using base::Instant;

constexpr Instant kStart{1h};

/// The times of every turn of sensor 0 within a while, from the start on, tried every 10 ms.
std::vector<Duration> turns_within(Schedule& schedule, Duration from, Duration upto,
                                   Duration rest = 0s) {
    std::vector<Duration> result;
    for (auto passed = from; passed < upto; passed += 10ms) {
        if (schedule.begin_turn(0, kStart + passed, rest)) result.push_back(passed);
    }
    return result;
}

}  // namespace

TEST_SUITE("agent/schedule") {
    TEST_CASE("sensors of one period begin at different times within the first second") {
        Schedule schedule;
        std::set<Duration> phases;
        for (std::size_t i = 0; i < 20; ++i) {
            schedule.add(fmt::format("s{}", i), 10s, kStart);
            auto phase = 0ms;
            while (!schedule.begin_turn(i, kStart + phase, 0s)) phase += 1ms;
            CHECK(phase < 1s);
            phases.insert(phase);
        }
        CHECK(phases.size() >= 18);
    }

    TEST_CASE("a sensor keeps its phase across a restart, and its turns are one period apart") {
        Schedule before;
        Schedule after;
        before.add("climate", 2s, kStart);
        after.add("climate", 2s, kStart);
        const auto turns = turns_within(before, 0s, 20s);
        REQUIRE(turns.size() == 10);
        for (std::size_t i = 1; i < turns.size(); ++i) CHECK(turns[i] - turns[i - 1] == 2s);
        CHECK(turns == turns_within(after, 0s, 20s));
    }

    TEST_CASE("sensors have turns of their own, and are found by name") {
        Schedule schedule;
        schedule.add("fast", 1s, kStart);
        schedule.add("slow", 1min, kStart);
        schedule.add("mute", 0s, kStart);
        CHECK(schedule.find("slow") == 1);
        CHECK_FALSE(schedule.find("absent"));
        CHECK(schedule.sensors() == std::vector<std::string>{"fast", "slow", "mute"});
        CHECK(schedule.begin_turn(0, kStart + 2s, 0s));
        CHECK(schedule.begin_turn(1, kStart + 2s, 0s));
        CHECK(schedule.begin_turn(0, kStart + 4s, 0s));
        CHECK_FALSE(schedule.begin_turn(1, kStart + 4s, 0s));
        CHECK_FALSE(schedule.begin_turn(2, kStart + 4s, 0s));  // It speaks by itself.
    }

    TEST_CASE("a turn that is asked for comes at once, and the next one on the grid as usual") {
        Schedule schedule;
        schedule.add("climate", 1min, kStart);
        const auto first = turns_within(schedule, 0s, 1min).at(0);
        schedule.ask(0, kStart + first + 20s, 0s);
        CHECK(turns_within(schedule, first + 20s, 2min) ==
              std::vector<Duration>{first + 20s, first + 1min});
    }

    TEST_CASE("a turn that is asked for leaves the sensor its rest, before and after") {
        Schedule schedule;
        schedule.add("climate", 1min, kStart);
        const auto first = turns_within(schedule, 0s, 1min).at(0);
        schedule.ask(0, kStart + first + 10ms, 5s);
        CHECK(turns_within(schedule, first + 10ms, 30s, 5s) == std::vector<Duration>{first + 5s});
        schedule.ask(0, kStart + first + 57s, 5s);  // Too close to the turn on the grid.
        CHECK(turns_within(schedule, first + 57s, first + 2min, 5s) ==
              std::vector<Duration>{first + 57s});
    }

    TEST_CASE("a turn that is due within a second anyway serves the request") {
        Schedule schedule;
        schedule.add("climate", 1min, kStart);
        const auto first = turns_within(schedule, 0s, 1min).at(0);
        schedule.ask(0, kStart + first + 59500ms, 0s);
        CHECK(turns_within(schedule, first + 59500ms, first + 90s) ==
              std::vector<Duration>{first + 1min});
    }
}
