#include "agent/sampling/timeline.hpp"

#include <doctest/doctest.h>

#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace agent_test;
using namespace std::chrono_literals;
using wire::ClockState;

/// A node that booted an hour ago, and counts from its boot until the test changes that.
struct Node {
    Node() { watch.boot_name = "0f6c1d7e"; }

    void observe() { timeline.observe(clock.instant()); }
    void go(base::Duration time) {
        clock.advance(time);
        observe();
    }
    void become(ClockState state) {
        watch.now = state;
        observe();
    }
    std::vector<wire::ClockSample> samples() {
        flush = {};
        timeline.add_to(flush);
        return bodies<wire::ClockSample>(flush);
    }

    support::ManualClock clock;
    SyncedWatch watch;
    base::Counters counters;
    delivery::Flush flush;
    agent::Timeline timeline{clock, (watch.now = ClockState::boot, watch), counters};
};

}  // namespace

TEST_SUITE("agent/timeline") {
    TEST_CASE(
        "what was taken before the first sync counts from the boot, whenever it is collected") {
        Node node;
        node.go(10s);
        const auto early = node.clock.instant();
        node.clock.step_wall(24h * 365);
        node.clock.advance(1s);
        node.become(ClockState::synced);
        const auto late = node.clock.instant();
        const auto before = node.timeline.stamp(early);
        CHECK(before.clock == ClockState::boot);
        CHECK(before.at == base::EventTime{1h + 10s});
        CHECK_FALSE(before.since_boot);
        CHECK(before.boot == "0f6c1d7e");
        const auto after = node.timeline.stamp(late);
        CHECK(after.clock == ClockState::synced);
        CHECK(after.at == node.clock.event_time());
        CHECK(after.since_boot == 1h + 11s);
        CHECK(after.epoch != before.epoch);
    }

    TEST_CASE("a step changes only what is taken after it") {
        for (const base::Duration step : {base::Duration{2h}, base::Duration{-2h}}) {
            CAPTURE(step.count());
            Node node;
            node.become(ClockState::synced);
            const auto before = node.clock.instant();
            const auto wall = node.clock.event_time();
            node.go(20ms);
            node.clock.step_wall(step);
            node.go(20ms);
            CHECK(node.timeline.stamp(before).at == wall);
            const auto after = node.timeline.stamp(node.clock.instant());
            CHECK(after.at == wall + 40ms + step);
            CHECK(after.at == node.clock.event_time());
            CHECK(after.epoch == node.timeline.stamp(before).epoch + 1);
        }
    }

    TEST_CASE("a clock record is written at every change of the clock, and hourly while synced") {
        Node node;
        node.go(2h);
        CHECK(node.samples().empty());  // Nothing is known yet.
        node.clock.step_wall(24h);
        node.become(ClockState::synced);
        auto samples = node.samples();
        REQUIRE(samples.size() == 1);
        CHECK(samples[0].boot == "0f6c1d7e");
        CHECK(samples[0].since_boot == 3h);
        CHECK(samples[0].utc == node.clock.event_time());
        CHECK(samples[0].error >= node.watch.error());
        CHECK(samples[0].error <= node.watch.error() + 10ms);
        node.go(59min);
        CHECK(node.samples().empty());
        node.go(2min);
        CHECK(node.samples().size() == 1);
        node.clock.step_wall(-5min);
        node.observe();
        samples = node.samples();
        REQUIRE(samples.size() == 1);
        CHECK(samples[0].utc == node.clock.event_time());
        node.become(ClockState::holdover);
        CHECK(node.samples().size() == 1);
        node.go(3h);
        CHECK(node.samples().empty());
        node.become(ClockState::synced);
        CHECK(node.samples().size() == 1);
    }

    TEST_CASE("a clock that is set by hand before the first sync is not believed") {
        Node node;
        node.clock.step_wall(24h * 365 * 50);
        node.go(1s);
        CHECK(node.samples().empty());
        CHECK(node.timeline.stamp(node.clock.instant()).clock == ClockState::boot);
    }

    TEST_CASE("a step of a clock that is not synced counts as error of its record") {
        Node node;
        node.become(ClockState::synced);
        const auto error = node.samples().at(0).error;
        node.become(ClockState::holdover);
        node.clock.step_wall(-1h);
        node.observe();
        const auto samples = node.samples();
        REQUIRE(samples.size() == 2);
        CHECK(samples[0].error == error);
        CHECK(samples[1].error == error + 1h);
    }

    TEST_CASE("a clock that was never synced writes no record, even when it is trusted") {
        Node node;
        node.become(ClockState::holdover);
        node.clock.step_wall(-1h);
        node.go(2h);
        CHECK(node.samples().empty());
    }

    TEST_CASE("a clock that is slewed begins no epoch, but writes a clock record when it adds up") {
        Node node;
        node.become(ClockState::synced);
        CHECK(node.samples().size() == 1);
        const auto epoch = node.timeline.stamp(node.clock.instant()).epoch;
        std::size_t samples = 0;
        for (int i = 0; i < 250; ++i) {
            node.clock.step_wall(1ms);
            node.go(2s);
            samples += node.samples().size();
            CHECK(node.timeline.stamp(node.clock.instant()).at == node.clock.event_time());
        }
        CHECK(node.timeline.stamp(node.clock.instant()).epoch == epoch);
        CHECK(samples == 2);
    }

    TEST_CASE("a start writes a clock record only when the clock is synced") {
        support::ManualClock clock;
        SyncedWatch watch;
        watch.boot_name = "0f6c1d7e";
        base::Counters counters;
        for (const auto state : {ClockState::synced, ClockState::holdover, ClockState::boot}) {
            watch.now = state;
            agent::Timeline timeline{clock, watch, counters};
            timeline.observe(clock.instant());
            delivery::Flush flush;
            timeline.add_to(flush);
            CHECK(flush.lines.size() == (state == ClockState::synced ? 1 : 0));
            CHECK(flush.positions.size() == flush.lines.size());
        }
    }

    TEST_CASE("the boot is committed as synced together with the clock record that says so") {
        Node node;
        node.go(1s);
        CHECK(node.samples().empty());
        CHECK(node.flush.positions.empty());
        node.become(ClockState::synced);
        node.become(ClockState::holdover);
        CHECK(node.samples().size() == 2);
        CHECK(node.flush.positions ==
              std::map<std::string, std::string>{{agent::kSyncedBootPosition, "0f6c1d7e"}});
    }

    TEST_CASE(
        "a clock that never comes to rest costs a bounded number of records, and is counted") {
        Node node;
        node.become(ClockState::synced);
        for (int i = 0; i < 1000; ++i) {
            node.clock.step_wall(i % 2 == 0 ? 1h : -1h);
            node.go(20ms);
        }
        CHECK(node.samples().size() == 16);
        CHECK(node.counters.value("leat_agent_clock_samples_dropped_total") == 985);
        node.clock.step_wall(1h);
        node.go(20ms);
        CHECK(node.samples().size() == 1);
    }
}

TEST_SUITE("agent/sampler and the clock") {
    TEST_CASE("a flush over the first sync is, to the byte, the lines that the format says") {
        Board board;
        board.watch.now = ClockState::boot;
        board.watch.boot_name = "0f6c1d7e";
        const auto script = board.add("door", 0ms);
        auto sampler = board.make();
        const auto begin = board.clock.instant();
        script->harvests.push_back(harvest_of(
            {measured(1, begin)}, {{.reason = "no answer", .taken = begin, .edges_us = {}}}));
        sampler.tick(begin, true);
        REQUIRE(sampler.latest().size() == 1);
        CHECK(wire::encode_state(sampler.latest()).find(R"("boot":"0f6c1d7e","bt":3600000})") !=
              std::string::npos);
        board.clock.advance(2s);
        board.watch.now = ClockState::synced;
        script->harvests.push_back(harvest_of({measured(0, begin + 1s), measured(1, begin + 2s)}));
        sampler.tick(board.clock.instant(), true);
        const auto flush = sampler.take_flush();
        REQUIRE(flush.lines.size() == 6);
        CHECK(flush.lines[1] ==
              R"({"k":"clock","boot":"0f6c1d7e","bt":3602000,"utc":1763640002000,"error":7})");
        CHECK(flush.lines[2] == R"({"k":"data","t":3600000,"clk":"boot","boot":"0f6c1d7e",)"
                                R"("series":{"door.value":{"dt":[0,1000],"v":[1,0]}}})");
        CHECK(flush.lines[3] ==
              R"({"k":"data","t":1763640002000,"clk":"synced","boot":"0f6c1d7e","bt":3602000,)"
              R"("series":{"door.value":{"dt":[0],"v":[1]}}})");
        CHECK(flush.lines[4] ==
              R"({"k":"failed","t":3600000,"clk":"boot","boot":"0f6c1d7e","span":10000,)"
              R"("series":{"door.value":{"no answer":{"dt":[0],"n":[1]}}}})");
        CHECK(flush.lines[5] == R"({"k":"fault","t":3600000,"clk":"boot","boot":"0f6c1d7e",)"
                                R"("sensor":"door","reason":"no answer"})");
        CHECK(flush.contents[2].readings == 2);
        CHECK_FALSE(flush.contents[2].has_times());
        CHECK(flush.contents[3].first_ms == 1'763'640'002'000);
        CHECK_FALSE(flush.contents[4].has_times());
        CHECK_FALSE(flush.contents[5].has_times());
        CHECK(wire::encode_state(sampler.latest()).find(R"("t":1763640002000})") !=
              std::string::npos);
    }

    TEST_CASE("readings on both sides of a step do not share a record") {
        Board board;
        board.watch.boot_name = "0f6c1d7e";
        const auto script = board.add("door", 0ms);
        auto sampler = board.make();
        for (int i = 0; i < 4; ++i) {
            if (i == 2) board.clock.step_wall(-1h);
            board.clock.advance(20ms);
            sampler.tick(board.clock.instant(), true);
            script->harvests.push_back(harvest_of({measured(i, board.clock.instant())}));
            sampler.tick(board.clock.instant(), true);
        }
        const auto records = bodies<wire::Data>(sampler.take_flush());
        REQUIRE(records.size() == 2);
        CHECK(records[0].readings() == 2);
        CHECK(records[1].at - records[0].at == 40ms - 1h);
        CHECK(*records[1].since_boot - *records[0].since_boot == 40ms);
    }

    TEST_CASE("a source with a clock of its own stays synced and names no boot") {
        Board board;
        board.watch.now = ClockState::boot;
        board.watch.boot_name = "0f6c1d7e";
        const auto script = board.add("csv", 0ms);
        auto sampler = board.make();
        script->harvests.push_back(harvest_of({from_file(1, 1'700'000'000'000)}));
        sampler.tick(board.clock.instant(), true);
        const auto records = bodies<wire::Data>(sampler.take_flush());
        REQUIRE(records.size() == 1);
        CHECK(records[0].clock == ClockState::synced);
        CHECK(records[0].boot.empty());
        CHECK(records[0].at == base::from_milliseconds(1'700'000'000'000));
    }
}
