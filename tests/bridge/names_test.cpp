// Goal: names that anybody invents cost nothing, their number is bounded, and a name can be
// forgotten. Method: the same calls on the model of Redis and on a real one.
#include <doctest/doctest.h>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"
#include "wire/record.hpp"

using bridge_test::FakeWorld;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Answer;

namespace {

template <class World>
wire::Ack send(World& world, const bridge::IngestRequest& request) {
    auto acks = world.store.ingest({request});
    if (!acks) FAIL(acks.error().detail);
    return acks.value().at(0);
}

template <class World>
std::size_t entries_of(World& world, const std::string& node) {
    return world.source.read(world.partition_of(node), "0-0", 5'000).value().size();
}

}  // namespace

TEST_CASE_TEMPLATE("a name leaves no trace before a record that fits its chain", World, FakeWorld,
                   RealWorld) {
    World world{3};
    const auto node = TestNode("attic", 0xa).grow(9);
    const auto clone = TestNode("cellar", 0xa).grow(9);
    auto forked = clone.batch(1, 1);
    forked.node = "attic";
    CHECK(send(world, TestNode("attic", 0xa).probe()).answer == Answer::dup);
    CHECK(send(world, node.batch(5, 0, 5)).durable == node.mark(0));  // All before it is deleted.
    CHECK(send(world, node.batch(8, 1, 5)).answer == Answer::gap);
    CHECK(send(world, forked).answer == Answer::fork);
    CHECK(send(world, node.batch(1, 9)).answer == Answer::busy);
    CHECK_FALSE(world.knows("attic"));
    CHECK(entries_of(world, "attic") == 0);

    CHECK(send(world, node.batch(1, 1)).answer == Answer::ok);
    CHECK(world.knows("attic"));
    CHECK(world.counter("attic", "gap") == 0);
}

TEST_CASE_TEMPLATE("records that nobody can read never block a node, not even one that is new",
                   World, FakeWorld, RealWorld) {
    World world;
    const auto attic = TestNode("attic", 0xa).grow(4, "\"");  // A quotation mark: no JSON.
    REQUIRE_FALSE(wire::decode_record(attic.line(1)));
    CHECK(send(world, attic.batch(1, 2)).answer == Answer::ok);
    CHECK(send(world, attic.batch(3, 1)).answer == Answer::ok);
    world.flush_all();
    if constexpr (std::is_same_v<World, RealWorld>) REQUIRE(world.store.check());
    CHECK(send(world, attic.batch(4, 1)).expected == 1);
    CHECK(send(world, attic.batch(1, 4)).durable.seq == 4);
    CHECK(entries_of(world, "attic") == 4);
}

TEST_CASE_TEMPLATE("there are no more names than allowed, and known ones go on", World, FakeWorld,
                   RealWorld) {
    World world{1'000, 2};
    const auto attic = TestNode("attic", 0xa).grow(3);
    const auto cellar = TestNode("cellar", 0xb).grow(3);
    const auto roof = TestNode("roof", 0xc).grow(3);
    CHECK(send(world, attic.batch(1, 1)).answer == Answer::ok);
    CHECK(send(world, cellar.batch(1, 1)).answer == Answer::ok);
    const auto refused = send(world, roof.batch(1, 1));
    CHECK(refused.answer == Answer::busy);
    CHECK(refused.durable == roof.mark(0));
    CHECK_FALSE(refused.reason.empty());
    CHECK(refused.retry_after == std::chrono::seconds{10});
    CHECK(world.store.refused_nodes() == 1);
    CHECK_FALSE(world.knows("roof"));
    CHECK(entries_of(world, "roof") == 0);
    // A new incarnation is no new name.
    CHECK(send(world, TestNode("attic", 0xd).grow(1).batch(1, 1)).answer == Answer::ok);
    CHECK(send(world, cellar.batch(2, 2)).answer == Answer::ok);
}

TEST_CASE("the limit of names is told with its cure") {
    RealWorld world{1'000, 1};
    CHECK(send(world, TestNode("attic", 0xa).grow(1).batch(1, 1)).answer == Answer::ok);
    const auto reason = send(world, TestNode("roof", 0xc).grow(1).batch(1, 1)).reason;
    CHECK(reason.find("there are 1 nodes, and no more may be") != std::string::npos);
    CHECK(reason.find("leat-central forget") != std::string::npos);
}

TEST_CASE("a node that was stored before names were counted counts with its next record") {
    RealWorld world{1'000, 1};
    const auto attic = TestNode("attic", 0xa).grow(3);
    CHECK(send(world, attic.batch(1, 1)).answer == Answer::ok);
    REQUIRE(world.client().run_one({"DEL", "leat:nodes"}));
    CHECK(send(world, attic.batch(2, 1)).answer == Answer::ok);
    CHECK(send(world, TestNode("roof", 0xc).grow(1).batch(1, 1)).answer == Answer::busy);
}

TEST_CASE("a node whose hash was put aside is no further name") {
    RealWorld world{1'000, 1};
    const auto attic = TestNode("attic", 0xa).grow(3);
    CHECK(send(world, attic.batch(1, 1)).answer == Answer::ok);
    const auto key = world.key("attic", "node:attic");
    REQUIRE(world.client().run_one({"RENAME", key, "aside:" + key}));
    CHECK(send(world, attic.batch(1, 3)).durable == attic.mark(3));
}

TEST_CASE("names that another program wrote stop new nodes only") {
    RealWorld world;
    const auto attic = TestNode("attic", 0xa).grow(3);
    CHECK(send(world, attic.batch(1, 1)).answer == Answer::ok);
    REQUIRE(world.client().run({{"DEL", "leat:nodes"}, {"SET", "leat:nodes", "x"}}));
    CHECK(send(world, attic.batch(2, 2)).answer == Answer::ok);
    const auto refused = send(world, TestNode("roof", 0xc).grow(1).batch(1, 1));
    CHECK(refused.answer == Answer::busy);
    CHECK_MESSAGE(
        refused.reason.find("RENAME 'leat:nodes' 'aside:leat:nodes'") != std::string::npos,
        refused.reason);
}

TEST_CASE("a node that is forgotten makes room, and is new when it comes back") {
    RealWorld world{10'000, 1};
    auto attic = TestNode("attic", 0xa).grow(2'500);
    for (std::uint64_t base = 1; base <= 2'500; base += 50) send(world, attic.batch(base, 50));
    const auto partition = world.partition_of("attic");
    REQUIRE(world.source.settle(partition, "0-0", {{"attic", {0xa}, attic.mark(7)}}));
    const auto forgotten = world.source.forget(partition, "attic");
    REQUIRE_MESSAGE(forgotten, forgotten.error().detail);
    CHECK(forgotten.value() == 2'500);
    CHECK_FALSE(world.knows("attic"));
    CHECK(entries_of(world, "attic") == 0);
    CHECK(world.source.forget(partition, "attic").value() == 0);
    CHECK(send(world, TestNode("roof", 0xc).grow(1).batch(1, 1)).answer == Answer::ok);
    REQUIRE(world.source.forget(world.partition_of("roof"), "roof"));

    // It has deleted 1 to 7, which were applied.
    CHECK(send(world, attic.grow(2'501).batch(2'501, 1, 8)).expected == 8);
    CHECK(send(world, attic.batch(8, 3, 8)).durable == attic.mark(10));
    const auto entries = world.source.read(partition, "0-0", 10).value();
    REQUIRE(entries.size() == 4);
    CHECK(entries[0].gap_to == 7);
}

TEST_CASE("what a node sends while it is forgotten is forgotten whole, or not at all") {
    RealWorld world;
    auto attic = TestNode("attic", 0xa).grow(1'500);
    for (std::uint64_t base = 1; base <= 1'500; base += 50) send(world, attic.batch(base, 50));
    const auto page = [&](const std::string& from) {
        const auto reply =
            world.client().run_one({"FCALL", "leat_forget", "3", world.key("attic", "node:attic"),
                                    world.key("attic", "records"), "leat:nodes", "attic", from});
        REQUIRE_MESSAGE(reply, reply.error().detail);
        return reply.value().items;
    };
    const auto first = page("-");
    CHECK(first.at(0).integer == 1'000);
    CHECK(world.knows("attic"));
    attic.grow(1'501);
    CHECK(send(world, attic.batch(1'501, 1)).durable == attic.mark(1'501));
    const auto last = page(first.at(1).text);
    CHECK(last.at(0).integer == 501);
    CHECK(last.at(1).text.empty());
    CHECK_FALSE(world.knows("attic"));
    CHECK(send(world, attic.batch(1, 2)).durable == attic.mark(2));
    CHECK(entries_of(world, "attic") == 2);
}

TEST_CASE("only the entries of the node that is forgotten go") {
    RealWorld world;
    const auto attic = TestNode("attic", 0xa).grow(4);
    // A second name in the same partition.
    std::string other;
    for (int i = 0; world.partition_of(other) != world.partition_of("attic"); ++i) {
        other = "b" + std::to_string(i);
    }
    const auto neighbour = TestNode(other, 0xb).grow(4);
    REQUIRE(world.store.ingest(
        {attic.batch(1, 2), neighbour.batch(1, 2), attic.batch(3, 2), neighbour.batch(3, 2)}));
    CHECK(world.source.forget(world.partition_of("attic"), "attic").value() == 4);
    CHECK(entries_of(world, other) == 4);
    CHECK(send(world, neighbour.batch(4, 1)).answer == Answer::dup);
}
