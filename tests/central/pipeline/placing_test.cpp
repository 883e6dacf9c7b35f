// Goal: records that wait for a clock are counted once, whatever dies while they are placed.
// Method: a node on paper whose first records count from its boot; the sink fails, or central dies,
// at every commit in turn.

#include <doctest/doctest.h>

#include <string>

#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

constexpr std::uint64_t kWaiting = 20;

std::string since_boot(const std::string& boot, std::uint64_t second) {
    return R"({"k":"data","t":)" + std::to_string(second * 1'000) + R"(,"clk":"boot","boot":")" +
           boot + R"(","series":{"s.q":{"dt":[0],"v":[1]}}})";
}

/// Boot "b" began at 1'763'640'000'000.
const std::string kClockRecord =
    R"({"k":"clock","boot":"b","bt":30000,"utc":1763640030000,"error":5})";

struct World {
    World() {
        for (std::uint64_t i = 0; i < kWaiting; ++i) node.add(since_boot("b", i));
        node.add(since_boot("never", 1));
        node.add(kClockRecord);
        node.add(since_boot("b", 25));
        node.add_readings(1);
    }
    void send(std::uint64_t from, std::uint64_t to) {
        for (auto seq = from; seq <= to; ++seq) source.append(node.entry(seq));
    }
    std::uint64_t unplaced() { return centre.query().nodes().value().at(0).unplaced; }

    WrittenNode node{"attic", 1};
    ScriptedSource source;
    Centre centre{source};
};

constexpr std::uint64_t kAll = kWaiting + 4;
constexpr std::uint64_t kReadings = kWaiting + 2;

}  // namespace

TEST_SUITE("central/placing") {
    TEST_CASE("what waits is durable, acknowledged and visible, and placed in steps") {
        World world;
        world.send(1, kWaiting + 1);
        world.centre.run();
        CHECK(world.centre.readings() == 0);
        CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(kWaiting + 1));
        CHECK(world.centre.counter("unplaced_records_total") == kWaiting + 1);
        CHECK(world.unplaced() == kWaiting + 1);
        world.centre.restart();
        world.send(kWaiting + 2, kAll);
        world.centre.tick();
        world.centre.tick();
        const auto some = world.centre.readings();
        CHECK(some == 3 + 2);
        world.centre.run(10);
        CHECK(world.centre.readings() == kReadings);
        CHECK(world.unplaced() == 1);
        CHECK(world.centre.counter("placed_records_total") == kWaiting + 1);
    }

    TEST_CASE("whichever commit fails, every record is placed once") {
        for (const bool is_lost_answer : {false, true}) {
            for (int failing = 0; failing < 12; ++failing) {
                CAPTURE(failing);
                World world;
                world.send(1, kAll);
                for (int i = 0; i < failing; ++i) world.centre.tick();
                (is_lost_answer ? world.centre.sink->fail_after : world.centre.sink->fail_before) =
                    1;
                world.centre.run(15);
                CHECK(world.centre.readings() == kReadings);
                CHECK(world.unplaced() == 1);
            }
        }
    }

    TEST_CASE("central dies in the middle of placing, and goes on where it was committed") {
        World world;
        world.send(1, kAll);
        for (int i = 0; i < 20; ++i) {
            world.centre.tick();
            world.centre.restart();
        }
        CHECK(world.centre.readings() == kReadings);
        CHECK(world.unplaced() == 1);
        CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(kAll));
    }

    TEST_CASE("what waits is placed while the source is away") {
        World world;
        world.send(1, kAll);
        for (int i = 0; i < 3; ++i) world.centre.tick();
        CHECK(world.centre.readings() < kReadings);
        world.source.failing = true;
        world.centre.run(15);
        CHECK(world.centre.readings() == kReadings);
    }

    TEST_CASE("a record of a forked node that waits already is not applied again") {
        World world;
        world.send(1, kWaiting);
        world.centre.run();
        WrittenNode again{"attic", 2};
        for (std::uint64_t seq = 1; seq <= kWaiting; ++seq) {
            again.add(wire::with_origin(world.node.line(seq), world.node.origin(seq)));
        }
        again.add(kClockRecord);
        for (std::uint64_t seq = 1; seq <= again.head(); ++seq) {
            world.source.append(again.entry(seq));
        }
        world.centre.run(15);
        CHECK(world.centre.readings() == kWaiting);
        CHECK(world.centre.counter("forked_duplicates_total") == kWaiting);
    }
}
