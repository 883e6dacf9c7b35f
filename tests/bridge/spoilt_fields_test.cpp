// Goal: a field that another program wrote into a hash of leat's stops only what belongs to it, and
// the message names the field and its cure. Method: a real Redis in which the test spoils a field.
#include <doctest/doctest.h>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"

using base::Fault;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Answer;

namespace {

/// Two nodes of one partition, each with three records, of which two are applied.
struct World : RealWorld {
    World() {
        for (int i = 0; partition_of(name) != partition_of("attic"); ++i) {
            name = "b" + std::to_string(i);
        }
        attic.grow(9);
        neighbour = TestNode(name, 0xb).grow(9);
        REQUIRE(store.ingest({attic.batch(1, 3), neighbour.batch(1, 3)}));
        REQUIRE(settle(2));
    }
    base::Status settle(std::uint64_t seq) {
        return source.settle(
            partition_of("attic"), "0-0",
            {{"attic", {0xa}, attic.mark(seq)}, {name, {0xb}, neighbour.mark(seq)}});
    }
    void spoil(const std::string& leaf, const std::string& field, const std::string& value) {
        REQUIRE(client().run_one({"HSET", key("attic", leaf), field, value}));
    }
    void cure(const std::string& leaf) {
        const auto name_of_key = key("attic", leaf);
        REQUIRE(client().run_one({"RENAME", name_of_key, "aside:" + name_of_key}));
    }
    std::string named(const std::string& field, const std::string& leaf) {
        const auto spoilt = key("attic", leaf);
        return "the field " + field + " of the key " + spoilt +
               " in Redis holds what leat never writes: another program wrote it. Remedy: " +
               client().command_line() + " RENAME '" + spoilt + "' 'aside:" + spoilt + "'";
    }

    std::string name = "b";
    TestNode attic{"attic", 0xa};
    TestNode neighbour{"b", 0xb};
};

}  // namespace

TEST_CASE("a node with a spoilt field waits alone, and the field is named") {
    const std::string long_number(17, '1');
    const std::pair<const char*, std::string> fields[]{
        {"a", "x"}, {"a", "-1"},  {"a", ""},  {"a", long_number}, {"ha", "x"},
        {"s", "x"}, {"s", "1.5"}, {"h", "x"}, {"h", "00ff"},      {"inc", "not an incarnation"}};
    for (const auto& [field, value] : fields) {
        CAPTURE(field);
        CAPTURE(value);
        World world;
        world.spoil("node:attic", field, value);
        const auto acks =
            world.store.ingest({world.attic.batch(4, 1), world.neighbour.batch(4, 1)});
        REQUIRE_MESSAGE(acks, acks.error().detail);
        CHECK(acks.value()[0].answer == Answer::busy);
        CHECK(acks.value()[0].reason == world.named(field, "node:attic"));
        CHECK(acks.value()[1].durable == world.neighbour.mark(4));
        // Its partition settles, rewinds and is surveyed all the same.
        CHECK(world.settle(3));
        CHECK(world.source.rewind(world.partition_of("attic"),
                                  {"attic", {0xa}, world.attic.mark(1)}));
        const auto survey = world.source.survey("");
        REQUIRE_MESSAGE(survey, survey.error().detail);
        REQUIRE(survey.value().applied.size() == 1);
        CHECK(survey.value().applied[0].mark == world.neighbour.mark(3));
        // Put aside, the node is new: it sends again what it has.
        world.cure("node:attic");
        CHECK(world.store.ingest({world.attic.batch(1, 9)}).value()[0].durable ==
              world.attic.mark(9));
    }
}

TEST_CASE("a spoilt entry of an old incarnation stops only that incarnation") {
    World world;
    const auto second = TestNode("attic", 0xc).grow(5);
    REQUIRE(world.store.ingest({second.batch(1, 2)}));
    world.spoil("node:attic", "old:" + wire::to_text(wire::Incarnation{0xa}), "1:2:3:4");
    const auto acks = world.store.ingest({world.attic.batch(4, 1), second.batch(3, 1)});
    REQUIRE_MESSAGE(acks, acks.error().detail);
    CHECK(acks.value()[0].answer == Answer::busy);
    CHECK(acks.value()[1].durable == second.mark(3));
    CHECK(world.settle(3));
    CHECK(world.source.survey(""));
}

TEST_CASE("a spoilt counter begins again and stops nothing") {
    World world;
    for (const auto* field : {"dup", "gap", "lost", "rewinds"}) {
        world.spoil("node:attic", field, "x");
    }
    world.spoil("node:attic", "rotations", "x");
    CHECK(world.store.ingest({world.attic.batch(1, 1)}).value()[0].answer == Answer::dup);
    CHECK(world.store.ingest({world.attic.batch(8, 1)}).value()[0].answer == Answer::gap);
    CHECK(world.store.ingest({world.attic.batch(6, 1, 6)}).value()[0].answer == Answer::ok);
    CHECK(world.source.rewind(world.partition_of("attic"), {"attic", {0xa}, world.attic.mark(5)}));
    CHECK(world.counter("attic", "dup") == 1);
    CHECK(world.counter("attic", "gap") == 1);
    CHECK(world.counter("attic", "lost") == 2);
    CHECK(world.counter("attic", "rewinds") == 1);
}

TEST_CASE("a spoilt cursor stops its partition alone, and is named") {
    World world;
    world.spoil("cursors", "lake", "x");
    const auto settled = world.settle(3);
    REQUIRE_FALSE(settled);
    CHECK(settled.error().fault == Fault::misconfigured);
    CHECK(settled.error().detail == world.named("lake", "cursors"));
    world.cure("cursors");
    CHECK(world.settle(3));
}

TEST_CASE("whatever a function fails at stops one node, not the others") {
    World world;
    // The stream has given its last id: nothing can be appended any more.
    const auto key = world.key("attic", "records");
    REQUIRE(world.client().run_one(
        {"XADD", key, "18446744073709551615-18446744073709551615", "x", "y"}));
    auto cellar = TestNode("cellar", 0xc).grow(2);
    REQUIRE(world.partition_of("cellar") != world.partition_of("attic"));
    const auto acks = world.store.ingest({world.attic.batch(4, 1), cellar.batch(1, 2)});
    REQUIRE_MESSAGE(acks, acks.error().detail);
    CHECK(acks.value()[0].answer == Answer::busy);
    CHECK(acks.value()[0].reason.starts_with(
        "a function of leat failed on " + world.key("attic", "node:attic") + ", " + key +
        ", leat:nodes in Redis: ERR The stream has exhausted the last possible ID"));
    CHECK(acks.value()[1].durable == cellar.mark(2));
    // A new incarnation meets the same, and what is stored of it stays good.
    const auto second = TestNode("attic", 0xd).grow(2);
    CHECK(world.store.ingest({second.batch(1, 1)}).value()[0].answer == Answer::busy);
    world.cure("records");
    CHECK(world.store.ingest({second.batch(1, 2)}).value()[0].durable == second.mark(2));
}
