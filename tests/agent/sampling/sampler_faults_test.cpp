// Goal: what becomes of readings that failed, and of a sensor that is not there.
// Method: as in sampler_test.cpp.

#include <fmt/format.h>

#include <limits>

#include "agent/sampling/retried_driver.hpp"
#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace std::chrono_literals;
using namespace agent_test;

/// What the records count, by series and reason.
using Counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

Counts counts_in(const delivery::Flush& flush) {
    Counts counts;
    for (const auto& record : bodies<wire::Failed>(flush)) {
        for (const auto& column : record.columns) {
            for (const auto count : column.counts) counts[{column.series, column.reason}] += count;
        }
    }
    return counts;
}

std::vector<drivers::Quantity> two_quantities() {
    return {
        {.name = "one", .kind = "level", .unit = "/", .least = {}, .most = {}, .resolution = {}},
        {.name = "two", .kind = "level", .unit = "/", .least = {}, .most = {}, .resolution = {}}};
}

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

TEST_CASE("every failed reading is counted, against the series that failed, for its reason") {
    Board board;
    const auto script = board.add("a", 0ms);
    script->quantities = two_quantities();
    auto sampler = board.make();
    const auto taken = board.clock.instant();
    drivers::Harvest harvest;
    for (int i = 0; i < 540; ++i) {
        harvest.failures.push_back({.reason = fmt::format("line {}: \"2,5\" is no number", i),
                                    .taken = taken,
                                    .quantities = {1},
                                    .cause = "no number"});
    }
    harvest.failures.push_back({.reason = "checksum", .taken = taken});
    harvest.failures.push_back({.reason = "7 lines missing", .taken = taken, .readings = 7});
    harvest.failures.push_back({.reason = "restarted", .taken = taken, .readings = 0});
    harvest.failures.push_back({.reason = "of no series", .taken = taken, .quantities = {9}});
    script->harvests.push_back(harvest);
    sampler.tick(taken, true);
    board.clock.advance(10s);
    CHECK(counts_in(sampler.take_flush()) == Counts{{{"a.one", "checksum"}, 1},
                                                    {{"a.one", "lines missing"}, 7},
                                                    {{"a.two", "checksum"}, 1},
                                                    {{"a.two", "lines missing"}, 7},
                                                    {{"a.two", "no number"}, 540}});
    CHECK(board.counters.value("leat_agent_faults_total", {{"sensor", "a"}}) == 549);
    CHECK(board.counters.value("leat_agent_failures_uncounted_total", {{"sensor", "a"}}) == 1);
}

TEST_CASE("what is measured and cannot be recorded has failed, in its own series and time") {
    Board board;
    const auto script = board.add("a", 0ms);
    script->quantities = two_quantities();
    auto sampler = board.make();
    const auto then = base::from_milliseconds(1'000'000'000'000);
    auto bad = from_file(std::numeric_limits<double>::quiet_NaN(), 1'000'000'000'000);
    bad.quantity = 1;
    script->harvests.push_back(harvest_of({bad, bad}));
    sampler.tick(board.clock.instant(), true);
    const auto flush = sampler.take_flush();
    CHECK(counts_in(flush) == Counts{{{"a.two", "not a finite number"}, 2}});
    CHECK(bodies<wire::Failed>(flush).at(0).at == then);
}

TEST_CASE("the failures before a position are committed with it, however young they are") {
    Board board;
    const auto file = board.add("file", 0ms);
    const auto other = board.add("other", 0ms);
    auto sampler = board.make();
    const auto now = board.clock.instant();
    const auto far = base::from_milliseconds(4'000'000'000'000);
    file->harvests.push_back(
        harvest_of({}, {{.reason = "no number", .taken = now, .source_time = far}}, "17"));
    other->harvests.push_back(harvest_of({}, {{.reason = "no answer", .taken = now}}));
    sampler.tick(now, true);
    const auto flush = sampler.take_flush();
    CHECK(flush.positions.at("file") == "17");
    CHECK(counts_in(flush) == Counts{{{"file.value", "no number"}, 1}});
    sampler.close();
    CHECK(counts_in(sampler.take_flush()) == Counts{{{"other.value", "no answer"}, 1}});
}

TEST_CASE("while a sensor has no series its failures count against it by its name") {
    Board board;
    const auto script = board.add("absent", 0ms);
    script->quantities.clear();
    auto sampler = board.make();
    script->harvests.push_back(
        harvest_of({}, {{.reason = "cannot be opened: absent", .taken = board.clock.instant()}}));
    sampler.tick(board.clock.instant(), true);
    sampler.close();
    CHECK(counts_in(sampler.take_flush()) == Counts{{{"absent", "cannot be opened: absent"}, 1}});
}

TEST_CASE("failures that wait for a commit take room like readings, and then none is collected") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make({.readings_max = 100, .collect_max = 1024, .faults = {}});
    for (int i = 0; i < 150; ++i) {
        script->harvests.push_back(
            harvest_of({},
                       {{.reason = "checksum",
                         .taken = board.clock.instant(),
                         .source_time = base::from_milliseconds(i * 10'000)}},
                       std::to_string(i)));
        sampler.tick(board.clock.instant(), true);
    }
    CHECK(script->collected == 100);
    CHECK(counts_in(sampler.take_flush()) == Counts{{{"a.value", "checksum"}, 100}});
}
