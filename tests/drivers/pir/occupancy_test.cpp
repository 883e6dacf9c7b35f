#include "drivers/pir/occupancy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/gpio/fake_line.hpp"
#include "drivers/pir/pir.hpp"

using drivers::pir::Occupancy;
using drivers::pir::OccupancyEvent;
using drivers::pir::OccupancyOptions;
using std::chrono::milliseconds;

namespace {

constexpr int kStart = 100'000;  // After the warm-up.

base::Instant at(int ms) {
    return base::Instant{milliseconds{kStart + ms}};
}

/// What the sensor does: up, down, the level read high or low, or time that passes.
struct Step {
    int ms;
    char what;  // '/' '\' 'H' 'L' '.'
    std::string said;
};

std::string word(const OccupancyEvent& event) {
    const auto ms = (event.at - at(0)).count();
    switch (event.kind) {
        case OccupancyEvent::Kind::motion:
            return fmt::format("motion {} at {}", event.value, ms);
        case OccupancyEvent::Kind::occupied:
            return fmt::format("occupied {} at {}", event.value, ms);
        case OccupancyEvent::Kind::lasted:
            return fmt::format("{} s", event.value);
        case OccupancyEvent::Kind::stuck_high:
            return fmt::format("stuck at {}", ms);
        case OccupancyEvent::Kind::missed:
            return fmt::format("missed at {}", ms);
        case OccupancyEvent::Kind::warming_up:
            return fmt::format("warming up, {}", event.value);
    }
    return {};
}

Occupancy::Events play(Occupancy& occupancy, const Step& step) {
    switch (step.what) {
        case '/':
            return occupancy.edge(true, at(step.ms));
        case '\\':
            return occupancy.edge(false, at(step.ms));
        case 'H':
            return occupancy.level(true, at(step.ms));
        case 'L':
            return occupancy.level(false, at(step.ms));
        default:
            return occupancy.pass(at(step.ms));
    }
}

void check(const OccupancyOptions& options, const std::vector<Step>& steps) {
    Occupancy occupancy(options);
    for (const auto& step : steps) {
        std::string said;
        for (const auto& event : play(occupancy, step)) {
            said += (said.empty() ? "" : "; ") + word(event);
        }
        CAPTURE(step.ms);
        CHECK(said == step.said);
    }
}

}  // namespace

TEST_CASE("motion begins and ends with the edges, and occupancy lasts for the hold") {
    check({}, {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
               {1000, '/', "motion 1 at 1000; occupied 1 at 1000"},
               {4000, '\\', "motion 0 at 4000"},
               {33'999, '.', ""},
               {34'500, '.', "occupied 0 at 34000; 33 s"},
               {35'000, '.', ""}});
}

TEST_CASE("motion within the hold keeps a room occupied") {
    check({}, {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
               {1000, '/', "motion 1 at 1000; occupied 1 at 1000"},
               {4000, '\\', "motion 0 at 4000"},
               {20'000, '/', "motion 1 at 20000"},
               {34'500, '.', ""},
               {40'000, '\\', "motion 0 at 40000"},
               {69'999, '.', ""},
               {70'000, '.', "occupied 0 at 70000; 69 s"}});
}

TEST_CASE("a line that is high at the start is read once, though it made no edge") {
    check({}, {{0, 'H', "motion 1 at 0; occupied 1 at 0; 0 s"}, {500, '\\', "motion 0 at 500"}});
}

TEST_CASE("the heartbeat says the level again") {
    check({}, {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
               {60'000, 'L', "motion 0 at 60000; occupied 0 at 60000; 0 s"}});
}

TEST_CASE("a hold that ended between two ticks ends when it ended, and has lasted until then") {
    check({.hold = milliseconds{500}},
          {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
           {1000, '/', "motion 1 at 1000; occupied 1 at 1000"},
           {2250, '\\', "motion 0 at 2250"},
           {9000, 'L', "occupied 0 at 2750; 1.75 s; motion 0 at 9000; occupied 0 at 9000; 0 s"}});
    check({.hold = milliseconds{500}},
          {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
           {1000, '/', "motion 1 at 1000; occupied 1 at 1000"},
           {2000, '\\', "motion 0 at 2000"},
           {3000, '/', "occupied 0 at 2500; 1.5 s; motion 1 at 3000; occupied 1 at 3000"},
           {7000, 'H', "motion 1 at 7000; occupied 1 at 7000; 4 s"}});
    check({.hold = milliseconds{0}}, {{0, 'H', "motion 1 at 0; occupied 1 at 0; 0 s"},
                                      {700, 'L',
                                       "missed at 700; motion 0 at 700; occupied 0 at "
                                       "700; 0.7 s"},
                                      {800, 'L', "motion 0 at 800; occupied 0 at 800; 0 s"}});
    check({.hold = milliseconds{0}}, {{0, 'H', "motion 1 at 0; occupied 1 at 0; 0 s"},
                                      {700, '\\', "motion 0 at 700; occupied 0 at 700; 0.7 s"}});
}

TEST_CASE("a lost edge is reported, and the level is believed") {
    check({}, {{0, 'L', "motion 0 at 0; occupied 0 at 0; 0 s"},
               {1000, '/', "motion 1 at 1000; occupied 1 at 1000"},
               {2000, '/', "missed at 2000; motion 1 at 2000"},
               {3000, 'L', "missed at 3000; motion 0 at 3000; occupied 1 at 3000; 2 s"},
               {33'000, '.', "occupied 0 at 33000; 32 s"}});
}

TEST_CASE("a line that stays high is reported once, until it falls") {
    check({.stuck_after = milliseconds{10'000}}, {{0, 'H', "motion 1 at 0; occupied 1 at 0; 0 s"},
                                                  {9999, '.', ""},
                                                  {10'000, '.', "stuck at 10000"},
                                                  {20'000, '.', ""},
                                                  {21'000, '\\', "motion 0 at 21000"},
                                                  {22'000, '/', "motion 1 at 22000"},
                                                  {32'000, '.', "stuck at 32000"}});
    check({.stuck_after = milliseconds{0}},
          {{0, 'H', "motion 1 at 0; occupied 1 at 0; 0 s"}, {10'000'000, '.', ""}});
}

TEST_CASE("while the sensor warms up nothing is measured, and that is reported") {
    check({.warm_up = milliseconds{kStart + 5000}},
          {{0, 'L', "warming up, 0"},
           {1000, '/', ""},
           {2000, '\\', ""},
           {3000, 'H', "warming up, 2"},
           {3500, 'H', "warming up, 0"},
           {4000, '.', ""},
           {5000, 'H', "motion 1 at 5000; occupied 1 at 5000; 0 s"}});
}

TEST_CASE("an edge is measured at the time the kernel saw it, not when it was read") {
    auto line = std::make_unique<pulse::FakeLine>();
    line->high = false;
    auto& script = line->script;
    drivers::pir::Driver driver({}, std::move(line));
    driver.trigger(at(0));
    // 700 ms and 200 ms old when read.
    script.push_back({{{1'000'000'000, true}, {1'500'000'000, false}}, 0, 1'700'000'000});
    const auto harvest = driver.collect(at(1000), 10);
    REQUIRE(harvest.measurements.size() == 6);
    CHECK(harvest.measurements[3].taken == at(300));
    CHECK(harvest.measurements[3].value == 1);
    CHECK(harvest.measurements[4].quantity == 1);
    CHECK(harvest.measurements[5].taken == at(800));
    CHECK(harvest.measurements[5].value == 0);
}

TEST_CASE("an inverted contact is on when the line is low") {
    auto line = std::make_unique<pulse::FakeLine>();
    line->high = false;
    auto& script = line->script;
    drivers::pir::Options options;
    options.inverted = true;
    drivers::pir::Driver driver(options, std::move(line));
    driver.trigger(at(0));
    const auto harvest = driver.collect(at(0), 10);
    REQUIRE(harvest.measurements.size() == 3);
    CHECK(harvest.measurements[0].value == 1);
    CHECK(harvest.measurements[2].quantity == 2);
    script.push_back({{{1'000'000'000, true}}, 0, 1'000'000'000});
    const auto ended = driver.collect(at(1000), 10);
    REQUIRE(ended.measurements.size() == 1);  // And the hold goes on.
    CHECK(ended.measurements[0].value == 0);
    CHECK(ended.failures.empty());
}

TEST_CASE("edges that the kernel had no room for are reported") {
    auto line = std::make_unique<pulse::FakeLine>();
    line->script.push_back({{{0, true}}, 7, 0});
    drivers::pir::Driver driver({}, std::move(line));
    const auto harvest = driver.collect(at(0), 10);
    REQUIRE(harvest.failures.size() == 1);
    CHECK(harvest.failures[0].reason == "events lost: 7");
    CHECK(harvest.failures[0].readings == 7);
    CHECK(harvest.failures[0].quantities == std::vector<std::size_t>{0});  // Of motion alone.
}
