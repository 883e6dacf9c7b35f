// Goal: what central asks of all partitions at once comes back for each of them, alike from the
// fake of the simulation and from the real Redis.
#include <doctest/doctest.h>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"

namespace {

using bridge_test::FakeWorld;
using bridge_test::RealWorld;
using bridge_test::TestNode;

/// Two nodes of different partitions, each with records.
template <class World>
struct Two {
    Two() {
        while (world.partition_of(other.name()) == world.partition_of("attic")) {
            other = TestNode(other.name() + "x", 0xb);
        }
        attic.grow(6);
        other.grow(3);
        REQUIRE(world.store.ingest({attic.batch(1, 6), other.batch(1, 3)}));
    }
    std::vector<ingest::Position> positions() const {
        return {{world.partition_of(other.name()), "0-0"}, {world.partition_of("attic"), "0-0"}};
    }

    World world;
    TestNode attic{"attic", 0xa};
    TestNode other{"bath", 0xb};
};

}  // namespace

TEST_CASE_TEMPLATE("every partition's entries come under its own position, each its share", World,
                   FakeWorld, RealWorld) {
    Two<World> two;
    const auto all = two.world.source.read_all(two.positions(), 100);
    REQUIRE(all);
    REQUIRE(all.value().size() == 2);
    CHECK(all.value()[0].value().entries.size() == 3);
    CHECK(all.value()[0].value().entries[0].node == two.other.name());
    CHECK_FALSE(all.value()[0].value().more);
    CHECK(all.value()[1].value().entries.size() == 6);
    CHECK(all.value()[1].value().entries[5].node == "attic");
    const auto shares = two.world.source.read_all(two.positions(), 8);
    REQUIRE(shares);
    CHECK_FALSE(shares.value()[0].value().more);
    CHECK(shares.value()[1].value().entries.size() == 4);
    CHECK(shares.value()[1].value().more);
    CHECK(two.world.source.read_all(two.positions(), 1).value()[1].value().entries.size() == 1);
    CHECK(two.world.source.read_all({}, 10).value().empty());
}

TEST_CASE_TEMPLATE("each partition is settled for itself, and one that is refused harms no other",
                   World, FakeWorld, RealWorld) {
    Two<World> two;
    const auto positions = two.positions();
    const auto entries = two.world.source.read(positions[0].partition, "0-0", 10).value();
    const auto settled = two.world.source.settle_all(
        {{positions[1].partition, "99999999999999-1", {}},
         {positions[0].partition,
          entries[1].id,
          {{two.other.name(), two.other.incarnation(), two.other.mark(2)}}}});
    REQUIRE(settled);
    REQUIRE(settled.value().size() == 2);
    REQUIRE_FALSE(settled.value()[0]);
    CHECK(settled.value()[0].error().fault == base::Fault::malformed);
    CHECK(settled.value()[1]);
    CHECK(two.world.source.read(positions[0].partition, "0-0", 10).value().size() == 1);
    CHECK(two.world.source.read(positions[1].partition, "0-0", 10).value().size() == 6);
    const auto acks = two.world.store.ingest({two.other.probe(), two.attic.probe()});
    REQUIRE(acks);
    CHECK(acks.value()[0].applied == two.other.mark(2));
    CHECK_FALSE(acks.value()[1].applied);
}
