// Goal: when sensors are triggered, and what becomes of their readings. Method: drivers whose
// readings the test gives, a clock that stands still, lines decoded again.

#include "agent/sampling/sampler.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace std::chrono_literals;
using namespace agent_test;

}  // namespace

TEST_CASE("a sensor is asked once a period, on the grid, without drift") {
    Board board;
    const auto script = board.add("a", 100ms);
    auto sampler = board.make();
    for (int i = 0; i < 1000; ++i) {
        board.clock.advance(7ms);  // Ticks never fall onto the grid.
        sampler.tick(board.clock.instant(), true);
    }
    CHECK(script->triggers.size() == 70);
    const auto first = script->triggers.front();
    for (std::size_t i = 0; i < script->triggers.size(); ++i) {
        const auto late = script->triggers[i] - first - static_cast<int>(i) * 100ms;
        CHECK(late < 7ms);
        CHECK(late > -7ms);
    }
}

TEST_CASE("after a pause a sensor is asked once, not for all that was missed") {
    Board board;
    const auto script = board.add("a", 100ms);
    auto sampler = board.make();
    board.clock.advance(1h);
    sampler.tick(board.clock.instant(), true);
    sampler.tick(board.clock.instant(), true);
    CHECK(script->triggers.size() == 1);
    board.clock.advance(100ms);
    sampler.tick(board.clock.instant(), true);
    CHECK(script->triggers.size() == 2);
}

TEST_CASE("a sensor that never answers delays no other") {
    Board board;
    board.add("dead", 100ms);
    const auto alive = board.add("alive", 100ms);
    alive->answer = 0.5;
    auto sampler = board.make();
    for (int i = 0; i < 100; ++i) {
        board.clock.advance(20ms);
        sampler.tick(board.clock.instant(), true);
    }
    CHECK(board.counters.value("leat_agent_readings_total", {{"sensor", "alive"}}) >= 19);
    CHECK(alive->collected == 100);
}

TEST_CASE("sensors of one period are spread over the first second") {
    Board board;
    std::vector<std::shared_ptr<Script>> scripts;
    for (int i = 0; i < 8; ++i) scripts.push_back(board.add(fmt::format("s{}", i), 10s));
    auto sampler = board.make();
    std::size_t most = 0;
    for (int i = 0; i <= 100; ++i) {
        std::size_t before = 0;
        std::size_t after = 0;
        for (const auto& script : scripts) before += script->triggers.size();
        sampler.tick(board.clock.instant(), true);
        for (const auto& script : scripts) after += script->triggers.size();
        most = std::max(most, after - before);
        board.clock.advance(10ms);
    }
    CHECK(most <= 3);
    for (const auto& script : scripts) CHECK(script->triggers.size() == 1);
}

TEST_CASE("a source that speaks by itself is collected but never triggered") {
    Board board;
    const auto script = board.add("self", 0ms);
    script->harvests.push_back(harvest_of({measured(1, board.clock.instant())}));
    auto sampler = board.make();
    board.clock.advance(1min);
    sampler.tick(board.clock.instant(), true);
    CHECK(script->triggers.empty());
    CHECK(bodies<wire::Data>(sampler.take_flush()).size() == 1);
}

TEST_CASE("a flush is, to the byte, the lines that the format says") {
    Board board;
    const auto script = board.add("climate", 2s);
    script->quantities = {{.name = "temperature",
                           .kind = "temperature",
                           .unit = "Cel",
                           .least = 0,
                           .most = 50,
                           .resolution = 0.1},
                          {.name = "humidity",
                           .kind = "humidity",
                           .unit = "%RH",
                           .least = {},
                           .most = {},
                           .resolution = {}}};
    auto sampler = board.make();
    const auto now = board.clock.instant();
    script->harvests.push_back(
        harvest_of({measured(23.4, now - 2s), measured(23.5, now)},
                   {{.reason = "checksum", .taken = now, .edges_us = {80.5}}}));
    script->harvests.back().measurements.push_back(
        {.quantity = 1, .value = 41, .taken = now - 1s, .source_time = {}});
    sampler.tick(now, true);
    const auto flush = sampler.take_flush();
    REQUIRE(flush.lines.size() == 4);
    CHECK(flush.lines[0] ==
          R"({"k":"series","series":"climate.temperature","quantity":"temperature",)"
          R"("unit":"Cel","driver":"scripted","least":0,"most":50,"resolution":0.1,)"
          R"("period":2000,"t":1763640000000,"clk":"synced"})");
    CHECK(flush.lines[1] ==
          R"({"k":"series","series":"climate.humidity","quantity":"humidity",)"
          R"("unit":"%RH","driver":"scripted","period":2000,"t":1763640000000,"clk":"synced"})");
    CHECK(flush.lines[2] == R"({"k":"data","t":1763639998000,"clk":"synced",)"
                            R"("series":{"climate.temperature":{"dt":[0,2000],"v":[23.4,23.5]},)"
                            R"("climate.humidity":{"dt":[1000],"v":[41]}}})");
    CHECK(flush.lines[3] == R"({"k":"fault","t":1763640000000,"clk":"synced","sensor":"climate",)"
                            R"("reason":"checksum","edges_us":[80.5]})");
    REQUIRE(flush.contents.size() == 4);
    CHECK(flush.contents[2].readings == 3);
    CHECK(flush.contents[2].first_ms == 1763639998000);
    CHECK(flush.contents[2].last_ms == 1763640000000);
    CHECK(flush.contents[0].readings == 0);
    CHECK(sampler.take_flush().lines.empty());
}

TEST_CASE("records are split by readings and bytes, and nothing is lost or re-ordered") {
    for (const double step : {1.0, 1.0 / 3.0, -1e-300 / 3.0}) {  // From 3 to 24 characters.
        Board board;
        const auto script = board.add("csv", 0ms);
        auto sampler = board.make();
        drivers::Harvest harvest;
        for (int i = 0; i < 1000; ++i) {
            harvest.measurements.push_back(from_file(i * step, 1'700'000'000'000 + i * 60'000));
        }
        script->harvests.push_back(harvest);
        sampler.tick(board.clock.instant(), true);
        const auto flush = sampler.take_flush();
        std::vector<double> values;
        std::uint64_t readings = 0;
        for (const auto& line : flush.lines) CHECK(line.size() <= delivery::kLineBytesUsed);
        for (const auto& content : flush.contents) readings += content.readings;
        const auto records = bodies<wire::Data>(flush);
        for (const auto& data : records) {
            CHECK(data.readings() <= wire::kRecordReadingsMax);
            const auto& column = std::get<wire::RawColumn>(data.columns.at(0).points);
            CHECK(column.dt_ms[0] == 0);
            values.insert(values.end(), column.values.begin(), column.values.end());
        }
        CHECK(readings == 1000);
        REQUIRE(values.size() == 1000);
        for (int i = 0; i < 1000; ++i) CHECK(values[static_cast<std::size_t>(i)] == i * step);
        CHECK(records.size() <= 3);
    }
}

TEST_CASE("a record that was split leaves room for the origin that a fork adds") {
    Board board;
    const auto script = board.add("csv", 0ms);
    auto sampler = board.make();
    drivers::Harvest harvest;
    for (int i = 0; i < 600; ++i) {
        harvest.measurements.push_back(from_file(-1.0 / 3.0 - i, -delivery::kEventTimeMax + i));
    }
    harvest.measurements.push_back(from_file(1, delivery::kEventTimeMax));
    script->harvests.push_back(harvest);
    sampler.tick(board.clock.instant(), true);
    for (const auto& line : sampler.take_flush().lines) {
        const auto tagged = wire::with_origin(
            line, {.incarnation = {~0ULL}, .seq = wire::kSequenceMax, .hash = {}});
        CHECK(tagged.size() <= wire::kLineBytesMax);
        CHECK(wire::decode_record(tagged));
    }
}

TEST_CASE("a change of the clock's state begins a new record") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make();
    for (const auto state : {wire::ClockState::synced, wire::ClockState::holdover}) {
        board.watch.now = state;
        script->harvests.push_back(harvest_of({measured(1, board.clock.instant())}));
        sampler.tick(board.clock.instant(), true);
    }
    const auto records = bodies<wire::Data>(sampler.take_flush());
    REQUIRE(records.size() == 2);
    CHECK(records[0].clock == wire::ClockState::synced);
    CHECK(records[1].clock == wire::ClockState::holdover);
}

TEST_CASE("a position is flushed with exactly the readings it stands for") {
    Board board;
    const auto script = board.add("csv", 0ms);
    script->waits = true;
    auto sampler = board.make();
    for (int i = 1; i <= 3; ++i) {
        script->harvests.push_back(harvest_of({from_file(i, i)}, {}, fmt::format("row {}", i)));
        sampler.tick(board.clock.instant(), true);
        if (i == 1) continue;
        const auto flush = sampler.take_flush();
        CHECK(flush.positions.at("csv") == fmt::format("row {}", i));
        const auto records = bodies<wire::Data>(flush);
        CHECK(std::get<wire::RawColumn>(records.back().columns[0].points).values.back() == i);
        CHECK(records.back().readings() == (i == 2 ? 2 : 1));
    }
    CHECK(sampler.take_flush().positions.empty());
}

TEST_CASE(
    "a source that can wait is left alone when it should wait, and stops at half of the room") {
    Board board;
    const auto file = board.add("csv", 0ms);
    const auto live = board.add("live", 0ms);
    file->waits = true;
    auto sampler = board.make({.readings_max = 100, .collect_max = 60});
    sampler.tick(board.clock.instant(), false);
    CHECK(file->collected == 0);
    CHECK(live->collected == 1);
    drivers::Harvest harvest;
    for (int i = 0; i < 50; ++i) harvest.measurements.push_back(from_file(i, i));
    file->harvests.push_back(harvest);
    CHECK(sampler.tick(board.clock.instant(), true));  // There may be more at once.
    CHECK(file->asked_for == 50);
    CHECK(sampler.is_full());
    sampler.tick(board.clock.instant(), true);
    CHECK(file->collected == 1);
    CHECK(live->collected == 3);
    CHECK(live->asked_for == 50);
    sampler.take_flush();
    CHECK_FALSE(sampler.is_full());
    sampler.tick(board.clock.instant(), true);
    CHECK(file->collected == 2);
}

TEST_CASE("series are declared once, again on request, and when a driver grows") {
    Board board;
    const auto script = board.add("a", 1s);
    auto sampler = board.make();
    CHECK(bodies<wire::SeriesDeclaration>(sampler.take_flush()).size() == 1);
    CHECK(sampler.take_flush().lines.empty());
    script->quantities.push_back(
        {.name = "more", .kind = {}, .unit = "m", .least = {}, .most = {}, .resolution = {}});
    script->harvests.push_back(harvest_of(
        {{.quantity = 1, .value = 2, .taken = board.clock.instant(), .source_time = {}}}));
    sampler.tick(board.clock.instant(), true);
    const auto grown = sampler.take_flush();
    const auto declared = bodies<wire::SeriesDeclaration>(grown);
    REQUIRE(declared.size() == 1);
    CHECK(declared[0].series == "a.more");
    CHECK(declared[0].quantity == "more");
    CHECK(grown.lines[0].starts_with(R"({"k":"series")"));  // Before its first reading.
    sampler.redeclare();
    CHECK(bodies<wire::SeriesDeclaration>(sampler.take_flush()).size() == 2);
}

TEST_CASE("a declaration says where its sensor is since the node has started") {
    Board board;
    board.add("a", 1s);
    board.sensors[0].location = "/house/attic";
    board.sensors[0].tags = {"outdoor"};
    const auto started = board.clock.event_time();
    auto sampler = board.make();
    const auto check = [&] {
        const auto declared = bodies<wire::SeriesDeclaration>(sampler.take_flush());
        REQUIRE(declared.size() == 1);
        REQUIRE(declared[0].situation);
        CHECK(declared[0].situation->at == started);
        CHECK(declared[0].situation->clock == wire::ClockState::synced);
        CHECK(declared[0].situation->location == "/house/attic");
        CHECK(declared[0].situation->tags == std::vector<std::string>{"outdoor"});
    };
    check();
    board.clock.advance(1h);
    sampler.tick(board.clock.instant(), true);
    sampler.take_flush();
    sampler.redeclare();  // Later, it says nothing new.
    check();
}

TEST_CASE("before the clock is synced a place holds since a time of the boot") {
    Board board;
    board.add("a", 1s);
    board.watch.now = wire::ClockState::boot;
    SUBCASE("whose name is known") {
        board.watch.boot_name = "b";
        const auto started = board.clock.instant();
        auto sampler = board.make();
        const auto declared = bodies<wire::SeriesDeclaration>(sampler.take_flush());
        REQUIRE(declared.at(0).situation);
        CHECK(declared[0].situation->clock == wire::ClockState::boot);
        CHECK(declared[0].situation->boot == "b");
        CHECK(declared[0].situation->at.time_since_epoch() == started.time_since_epoch());
        CHECK(declared[0].situation->location.empty());
    }
    SUBCASE("whose name is not known: nothing is said") {
        auto sampler = board.make();
        CHECK_FALSE(bodies<wire::SeriesDeclaration>(sampler.take_flush()).at(0).situation);
    }
}

TEST_CASE("what cannot be recorded is refused, counted, and harms no other reading") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make();
    const auto now = board.clock.instant();
    script->harvests.push_back(
        harvest_of({measured(std::numeric_limits<double>::quiet_NaN(), now),
                    measured(std::numeric_limits<double>::infinity(), now),
                    {.quantity = 7, .value = 1, .taken = now, .source_time = {}},
                    from_file(1, std::numeric_limits<std::int64_t>::min()),
                    measured(0.5, now)},
                   {{.reason = "bad \xff\n bytes",
                     .taken = now,
                     .edges_us = {std::numeric_limits<double>::quiet_NaN(), 1}}}));
    sampler.tick(now, true);
    const auto records = bodies<wire::Data>(sampler.take_flush());
    REQUIRE(records.size() == 1);
    CHECK(records[0].readings() == 1);
    CHECK(board.counters.value("leat_agent_readings_refused_total",
                               {{"sensor", "a"}, {"reason", "not a finite number"}}) == 2);
}

TEST_CASE("the newest reading of every series is known, with its time") {
    Board board;
    const auto script = board.add("a", 0ms);
    auto sampler = board.make();
    CHECK(sampler.latest().empty());
    script->harvests.push_back(harvest_of({from_file(1, 1000), from_file(2, 2000)}));
    const auto changes = sampler.changes();
    sampler.tick(board.clock.instant(), true);
    CHECK(sampler.changes() != changes);
    REQUIRE(sampler.latest().size() == 1);
    CHECK(sampler.latest()[0].series == "a.value");
    CHECK(sampler.latest()[0].unit == "/");
    CHECK(sampler.latest()[0].value == 2);
    CHECK(sampler.latest()[0].at == base::from_milliseconds(2000));
}
