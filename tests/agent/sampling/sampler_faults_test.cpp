// Goal: what becomes of readings that failed, and of a sensor that is not there.
// Method: as in sampler_test.cpp.

#include "agent/sampling/retried_driver.hpp"
#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace std::chrono_literals;
using namespace agent_test;

}  // namespace

TEST_CASE("failures are recorded once a minute per sensor, and all are counted") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make();
    sampler.take_flush();
    std::size_t recorded = 0;
    for (int i = 0; i < 120; ++i) {
        board.clock.advance(1s);
        script->harvests.push_back(harvest_of(
            {}, {{.reason = "no answer", .taken = board.clock.instant(), .edges_us = {}}}));
        sampler.tick(board.clock.instant(), true);
        recorded += bodies<wire::SensorFault>(sampler.take_flush()).size();
    }
    CHECK(recorded == 2);
    CHECK(board.counters.value("leat_agent_faults_total", {{"sensor", "a"}}) == 120);
    CHECK(board.counters.value("leat_agent_faults_held_back_total", {{"sensor", "a"}}) == 118);
    CHECK(sampler.faults().front() == "a: no answer");
}

TEST_CASE("a failure of a source with a clock of its own has that clock's time") {
    Board board;
    const auto script = board.add("file", 0ms);
    auto sampler = board.make();
    sampler.take_flush();
    const auto then = base::from_milliseconds(1'000'000'000'000);
    script->harvests.push_back(harvest_of({}, {{.reason = "line 7: no number",
                                                .taken = board.clock.instant(),
                                                .edges_us = {},
                                                .source_time = then}}));
    sampler.tick(board.clock.instant(), true);
    const auto faults = bodies<wire::SensorFault>(sampler.take_flush());
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].at == then);
    CHECK(faults[0].clock == wire::ClockState::synced);
}

TEST_CASE("faults do not grow without bound while a flush is held, and the rest is counted") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make();
    sampler.take_flush();
    for (int minute = 0; minute < 300; ++minute) {
        board.clock.advance(1min);
        script->harvests.push_back(harvest_of(
            {}, {{.reason = "no answer", .taken = board.clock.instant(), .edges_us = {}}}));
        sampler.tick(board.clock.instant(), true);
    }
    const agent::SamplerOptions options;
    CHECK(bodies<wire::SensorFault>(sampler.take_flush()).size() == options.faults.records_max);
    CHECK(board.counters.value("leat_agent_faults_dropped_total", {{"sensor", "a"}}) ==
          300.0 - static_cast<double>(options.faults.records_max));
}

TEST_CASE("a sensor that was absent at the start is tried every 30 s and then is like any other") {
    support::ManualClock clock;
    const auto script = std::make_shared<agent_test::Script>();
    bool there = false;
    int tries = 0;
    agent::RetriedDriver driver(
        [&]() -> base::Result<std::unique_ptr<drivers::Driver>> {
            ++tries;
            if (!there) return base::Error{base::Fault::transient, "in use"};
            return std::unique_ptr<drivers::Driver>(
                std::make_unique<agent_test::ScriptedDriver>(script));
        },
        "absent", clock.instant());
    std::vector<std::string> reasons;
    for (int second = 0; second < 65; ++second) {
        for (const auto& failure : driver.collect(clock.instant(), 10).failures) {
            reasons.push_back(failure.reason);
        }
        clock.advance(1s);
    }
    CHECK(driver.quantities().empty());
    CHECK(tries == 2);
    CHECK(reasons == std::vector<std::string>{"cannot be opened: absent",
                                              "cannot be opened: in use",
                                              "cannot be opened: in use"});
    there = true;
    script->answer = 0.5;
    clock.advance(30s);
    CHECK(driver.collect(clock.instant(), 10).failures.empty());
    CHECK(driver.quantities().size() == 1);
    driver.trigger(clock.instant());
    CHECK(driver.collect(clock.instant(), 10).measurements.size() == 1);
}
