// Goal: a database that has less than it had acknowledged is noticed before a node speaks; what is
// still somewhere is counted, and the rest is told as lost. Method: an older copy, or none, takes
// the place of the database while central is away; Redis is the fake one.
#include <doctest/doctest.h>

#include <filesystem>

#include "bridge/fake_source.hpp"
#include "bridge/fake_store.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"
#include "support/manual_clock.hpp"

using namespace central_test;
namespace fs = std::filesystem;

namespace {

struct World {
    World() {
        node.add_readings(40);
        send(1, 10);
        centre.run();
        centre.stop();
        fs::copy_file(centre.path(), copy());
        centre.start();
    }

    wire::Ack send(std::uint64_t first, std::uint64_t last, std::uint64_t lowest = 1) {
        auto batch = node.batch(first, static_cast<std::uint32_t>(last + 1 - first));
        batch.header.lowest = lowest;
        const auto acks = store.ingest({batch});
        REQUIRE(acks);
        return acks.value().at(0);
    }
    void apply_up_to(std::uint64_t last) {
        send(11, last);
        centre.run();
        REQUIRE(centre.readings() == last);
    }
    void restore_copy() {
        centre.stop();
        remove_database();
        fs::copy_file(copy(), centre.path());
        centre.start();
    }
    void begin_anew() {
        centre.stop();
        remove_database();
        centre.start();
    }
    void remove_database() const {
        for (const auto* end : {"", "-wal", "-shm"}) fs::remove(centre.path() + end);
    }
    std::string copy() const { return centre.path() + ".copy"; }

    support::ManualClock clock;
    fake::Redis redis{{.partitions = 1}};
    fake::FakeStore store{redis, clock};
    fake::FakeSource source{redis, "sqlite"};
    WrittenNode node{"attic", 1};
    Centre centre{source};
};

}  // namespace

TEST_CASE("a healthy database is never behind") {
    World world;
    world.apply_up_to(20);
    world.centre.run(20);
    CHECK(world.centre.counter("forgotten_records_total") == 0);
    CHECK(world.centre.counter("rewinds_total") == 0);
}

TEST_CASE("an older copy is noticed before a node speaks, and gets what the node still has") {
    World world;
    world.apply_up_to(20);
    world.restore_copy();
    world.centre.tick();
    world.centre.tick();
    CHECK(world.centre.counter("forgotten_records_total") == 10);
    CHECK(world.centre.counter("rewinds_total") == 1);
    // The node's next record.
    const auto answer = world.send(21, 21);
    CHECK(answer.answer == wire::Answer::gap);
    CHECK(answer.expected == 11);
    CHECK(answer.applied == world.node.mark(10));
    world.send(11, 21);
    world.centre.run();
    CHECK(world.centre.readings() == 21);
    CHECK(world.centre.counter("lost_records_total") == 0);
    CHECK(world.send(22, 21).applied == world.node.mark(21));
    // It is told once.
    CHECK(world.centre.counter("forgotten_records_total") == 10);
}

TEST_CASE("what is neither in the stream nor at the node any more is told as lost") {
    World world;
    world.apply_up_to(20);
    world.restore_copy();
    world.centre.run();
    CHECK(world.send(21, 21, 18).expected == 18);
    world.send(18, 21, 18);
    world.centre.run();
    CHECK(world.centre.readings() == 14);
    CHECK(world.centre.counter("lost_records_total") == 7);
    const auto gaps = world.centre.query().gaps("attic", {}, {}).value();
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].from == 11);
    CHECK(gaps[0].to == 17);
}

TEST_CASE("a new database is noticed, too") {
    World world;
    world.apply_up_to(20);
    world.begin_anew();
    world.centre.run();
    CHECK(world.centre.counter("forgotten_records_total") == 20);
    CHECK(world.send(21, 21).expected == 1);
    world.send(1, 21);
    world.centre.run();
    CHECK(world.centre.readings() == 21);
}

TEST_CASE("what the stream still has is read, and is no loss") {
    World world;
    fake::FakeSource slow{world.redis, "lake"};
    REQUIRE(slow.settle(0, "0-0", {}));
    world.apply_up_to(40);
    world.restore_copy();
    for (int i = 0; i < 10; ++i) world.centre.tick();
    CHECK(world.centre.readings() == 40);
    CHECK(world.centre.counter("forgotten_records_total") == 0);
    CHECK(world.centre.counter("rewinds_total") == 0);
}

TEST_CASE("marks are compared once a minute, every page of them") {
    ScriptedSource source;
    Centre centre{source};
    WrittenNode node{"attic", 1};
    WrittenNode other{"cellar", 2};
    node.add_readings(5);
    other.add_readings(7);
    centre.tick();
    source.surveyed = {{"attic", {1}, node.mark(5)}, {"cellar", {2}, other.mark(7)}};
    centre.tick(30s);
    CHECK(source.rewinds.empty());
    centre.tick(31s);
    centre.tick();
    REQUIRE(source.rewinds.size() == 2);
    CHECK(source.rewinds[0].mark == node.mark(0));
    CHECK(source.rewinds[1].mark == other.mark(0));
    CHECK(centre.counter("forgotten_records_total") == 12);
    CHECK(source.surveys < 5);
}

TEST_CASE("a source that does not say what it knows stops nothing") {
    ScriptedSource source;
    source.mute = true;
    Centre centre{source};
    WrittenNode node{"attic", 1};
    node.add_readings(5);
    for (std::uint64_t seq = 1; seq <= 5; ++seq) source.append(node.entry(seq));
    centre.run();
    CHECK(centre.readings() == 5);
    CHECK_FALSE(centre.pipeline->trouble());
}
