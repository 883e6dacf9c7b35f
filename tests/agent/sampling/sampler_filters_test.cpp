#include <doctest/doctest.h>

#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace agent_test;
using namespace std::chrono_literals;

agent::FilterOptions partial(base::Duration span) {
    agent::FilterOptions options;
    options.span = span;
    return options;
}

}  // namespace

TEST_SUITE("agent/sampler filters") {
    TEST_CASE("what a filter refuses is a fault with its reason, and no reading") {
        Board board;
        auto script = board.add("room", 0s);
        board.sensors.back().filters["value"].most = 50;
        auto sampler = board.make();
        const auto now = board.clock.instant();
        script->harvests.push_back(harvest_of({measured(85, now), measured(20, now)}));
        sampler.tick(now, true);
        const auto flush = sampler.take_flush();
        const auto data = bodies<wire::Data>(flush);
        REQUIRE(data.size() == 1);
        CHECK(data[0].readings() == 1);
        const auto faults = bodies<wire::SensorFault>(flush);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].reason == "out of range");
        CHECK(board.counters.sum("leat_agent_readings_refused_total") == 1);
    }

    TEST_CASE("what the deadband suppresses is counted, and still the newest value") {
        Board board;
        auto script = board.add("room", 2s);
        board.sensors.back().filters["value"].deadband = 0.5;
        auto sampler = board.make();
        const auto now = board.clock.instant();
        script->harvests.push_back(harvest_of({measured(20, now), measured(20.3, now)}));
        sampler.tick(now, true);
        const auto flush = sampler.take_flush();
        CHECK(bodies<wire::Data>(flush).at(0).readings() == 1);
        CHECK(board.counters.sum("leat_agent_readings_suppressed_total") == 1);
        CHECK(sampler.latest("room.value") == 20.3);
        // Nobody should wait for a reading every 2 s.
        CHECK(bodies<wire::SeriesDeclaration>(flush).at(0).period == 5min);
    }

    TEST_CASE("a series sent as partials waits for the end of its span, and is complete then") {
        Board board;
        auto script = board.add("room", 0s);
        board.sensors.back().filters["value"] = partial(10s);
        auto sampler = board.make();
        board.clock.advance(10s -
                            base::Duration{board.clock.event_time().time_since_epoch() % 10s});
        const auto start = board.clock.event_time();
        for (int i = 0; i < 10; ++i) {
            const auto now = board.clock.instant();
            script->harvests.push_back(harvest_of({measured(i, now)}));
            sampler.tick(now, true);
            CHECK(bodies<wire::Data>(sampler.take_flush()).empty());
            board.clock.advance(1s);
        }
        const auto data = bodies<wire::Data>(sampler.take_flush());
        REQUIRE(data.size() == 1);
        CHECK(data[0].at == start);
        const auto& column = std::get<wire::PartialColumn>(data[0].columns.at(0).points);
        CHECK(column.span == 10s);
        CHECK(column.summaries.at(0).count == 10);
        CHECK(column.summaries.at(0).last == 9);
        CHECK(column.sketches.size() == 1);
    }

    TEST_CASE("a number whose square is not finite is refused, and spoils no partial") {
        Board board;
        auto script = board.add("room", 0s);
        board.sensors.back().filters["value"] = partial(10s);
        auto sampler = board.make();
        const auto now = board.clock.instant();
        script->harvests.push_back(harvest_of({measured(20, now), measured(-1e200, now)}));
        sampler.tick(now, true);
        sampler.close();
        const auto flush = sampler.take_flush();
        REQUIRE(bodies<wire::Data>(flush).size() == 1);
        CHECK(bodies<wire::Data>(flush).at(0).readings() == 1);
        CHECK(bodies<wire::SensorFault>(flush).at(0).reason == "beyond what is measured");
    }

    TEST_CASE("when a source has times of its own, the heartbeat follows them") {
        Board board;
        auto script = board.add("file", 0s);
        board.sensors.back().filters["value"].deadband = 0.5;
        auto sampler = board.make();
        const auto minute = [](std::int64_t number) { return from_file(20, number * 60'000); };
        script->harvests.push_back(
            harvest_of({minute(10), minute(12), minute(15), minute(14), minute(3)}));
        sampler.tick(board.clock.instant(), true);
        CHECK(bodies<wire::Data>(sampler.take_flush()).at(0).readings() == 3);
        CHECK(board.counters.sum("leat_agent_readings_suppressed_total") == 2);
    }

    TEST_CASE("a place in a file is never committed without the readings before it") {
        Board board;
        auto script = board.add("file", 0s);
        board.sensors.back().filters["value"] = partial(10s);
        auto sampler = board.make();
        const auto now = board.clock.instant();
        const auto future = base::to_milliseconds(board.clock.event_time() + 1h);
        script->harvests.push_back(harvest_of({from_file(1, future)}, {}, "after 1"));
        sampler.tick(now, true);
        const auto flush = sampler.take_flush();
        CHECK(flush.positions.at("file") == "after 1");
        REQUIRE(bodies<wire::Data>(flush).size() == 1);
        CHECK(bodies<wire::Data>(flush).at(0).readings() == 1);
    }

    TEST_CASE("spans that are open at the end are closed") {
        Board board;
        auto script = board.add("room", 0s);
        board.sensors.back().filters["value"] = partial(1h);
        auto sampler = board.make();
        const auto now = board.clock.instant();
        script->harvests.push_back(harvest_of({measured(1, now)}));
        sampler.tick(now, true);
        sampler.close();
        CHECK(bodies<wire::Data>(sampler.take_flush()).size() == 1);
    }

    TEST_CASE("only a series that is urgent asks for a flush at once") {
        Board board;
        auto calm = board.add("room", 0s);
        auto door = board.add("door", 0s);
        board.sensors.back().filters["value"].urgent = true;
        auto sampler = board.make();
        const auto now = board.clock.instant();
        calm->harvests.push_back(harvest_of({measured(1, now)}));
        sampler.tick(now, true);
        CHECK(!sampler.is_urgent());
        door->harvests.push_back(harvest_of({measured(1, now)}));
        sampler.tick(now, true);
        CHECK(sampler.is_urgent());
        sampler.take_flush();
        CHECK(!sampler.is_urgent());
    }
}
