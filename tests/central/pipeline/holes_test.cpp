#include <doctest/doctest.h>

#include <set>

#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

struct World {
    World() {
        node.add_readings(40);
        other.add_readings(40);
    }
    void append(const WrittenNode& from, std::uint64_t first, std::uint64_t last) {
        for (auto seq = first; seq <= last; ++seq) source.append(from.entry(seq));
    }

    ScriptedSource source;
    WrittenNode node{"attic", 1};
    WrittenNode other{"cellar", 2};
    Centre centre{source};
};

}  // namespace

TEST_CASE("records before the cursor are found by reading the partition again") {
    World world;
    for (std::uint64_t seq = 1; seq <= 5; ++seq) world.source.put(100 + seq, world.node.entry(seq));
    world.centre.run();
    // A failover: 6 and 7 got ids that the cursor has passed, 8 did not.
    world.source.put(51, world.node.entry(6));
    world.source.put(52, world.node.entry(7));
    world.source.put(110, world.node.entry(8));
    world.centre.run();
    CHECK(world.centre.readings() == 8);
    CHECK(world.source.rewinds.size() == 0);
    CHECK(world.centre.counter("holes_total") == 1);
    CHECK(world.centre.counter("skipped_total") == 0);
}

TEST_CASE("a hole that the rescan itself fills makes no node send again") {
    World world;
    for (std::uint64_t seq = 1; seq <= 5; ++seq) world.source.put(100 + seq, world.node.entry(seq));
    world.centre.run();
    world.source.put(51, world.node.entry(8));
    world.source.put(52, world.node.entry(6));
    world.source.put(53, world.node.entry(7));
    world.source.put(54, world.node.entry(8));
    world.source.put(110, world.node.entry(9));
    world.centre.run();
    CHECK(world.centre.readings() == 9);
    CHECK(world.source.rewinds.empty());
}

TEST_CASE("a hole that a rescan does not fill makes the node send again and blocks no other") {
    World world;
    world.append(world.node, 1, 5);
    world.append(world.other, 1, 3);
    world.append(world.node, 8, 9);
    world.append(world.other, 4, 30);
    world.centre.run();
    REQUIRE(world.source.rewinds.size() == 1);
    CHECK(world.source.rewinds[0].node == "attic");
    CHECK(world.source.rewinds[0].mark == world.node.mark(5));
    CHECK(world.centre.readings("cellar") == 30);
    CHECK(world.centre.readings("attic") == 5);
    world.append(world.node, 6, 12);
    world.centre.run();
    CHECK(world.centre.readings("attic") == 12);
    CHECK(world.source.rewinds.size() == 1);
}

TEST_CASE("entries that were on their way when the node was rewound are skipped without a rescan") {
    World world;
    world.append(world.node, 1, 5);
    world.append(world.node, 8, 9);
    for (int i = 0; i < 10; ++i) world.centre.tick();
    REQUIRE(world.source.rewinds.size() == 1);
    world.append(world.node, 10, 11);
    for (int i = 0; i < 10; ++i) world.centre.tick();
    CHECK(world.centre.counter("rescans_total") == 1);
    CHECK(world.centre.counter("skipped_total") == 4);
    world.append(world.node, 6, 13);
    for (int i = 0; i < 10; ++i) world.centre.tick();
    CHECK(world.centre.readings() == 13);
    CHECK(world.source.rewinds.size() == 1);
}

TEST_CASE("a rewind that the source forgot is done again after the pause") {
    World world;
    world.append(world.node, 1, 5);
    world.append(world.node, 8, 9);
    for (int i = 0; i < 10; ++i) world.centre.tick();
    world.centre.tick(31s);
    world.append(world.node, 10, 10);
    for (int i = 0; i < 10; ++i) world.centre.tick();
    CHECK(world.source.rewinds.size() == 2);
}

TEST_CASE("the cursor is never committed beyond a hole that the source does not know of") {
    World world;
    world.source.failing_rewind = true;
    world.append(world.node, 1, 5);
    world.append(world.node, 8, 9);
    for (int i = 0; i < 30; ++i) {
        world.centre.tick(1s);
        if (i % 7 == 0) world.centre.restart();
    }
    CHECK(world.source.rewinds.empty());
    world.source.failing_rewind = false;
    // Nothing new comes: the old entries alone must show the hole again.
    world.centre.run(10);
    REQUIRE(world.source.rewinds.size() >= 1);
    CHECK(world.source.rewinds.back().mark == world.node.mark(5));
    CHECK(world.centre.readings() == 5);
}

TEST_CASE("a hole that a rescan has passed is not forgotten when central stops in the middle") {
    World world;
    world.node.add_readings(600);
    world.source.trimming = true;
    for (std::uint64_t seq = 1; seq <= 5; ++seq) {
        world.source.put(2'000 + seq, world.node.entry(seq));
        world.source.put(2'010 + seq, world.other.entry(seq));
    }
    world.centre.run();
    // A failover: what central has not read begins with an entry beyond a hole, below its cursor.
    world.source.put(101, world.other.entry(8));
    for (std::uint64_t seq = 6; seq <= 600; ++seq)
        world.source.put(100 + seq, world.node.entry(seq));
    world.source.put(2'020, world.node.entry(602));
    for (int i = 0; i < 3; ++i) world.centre.tick();
    CHECK(world.centre.counter("rescans_total") == 1);
    CHECK(world.source.rewinds.empty());
    world.centre.restart();
    // Nothing new comes.
    world.centre.run(20);
    CHECK(world.centre.readings("attic") == 600);
    std::set<std::string> rewound;
    for (const auto& mark : world.source.rewinds) rewound.insert(mark.node);
    CHECK(rewound == std::set<std::string>{"attic", "cellar"});
}

TEST_CASE("a node whose first records are missing is rewound to its very beginning") {
    World world;
    world.append(world.node, 3, 4);
    world.centre.run();
    REQUIRE(world.source.rewinds.size() == 1);
    CHECK(world.source.rewinds[0].mark == world.node.mark(0));
    world.append(world.node, 1, 4);
    world.centre.run();
    CHECK(world.centre.readings() == 4);
}

TEST_CASE("a hole that became a declared gap is over") {
    World world;
    world.append(world.node, 1, 5);
    world.append(world.node, 8, 9);
    world.centre.run();
    world.source.append(world.node.gap(6, 9));
    world.append(world.node, 10, 12);
    world.centre.run();
    CHECK(world.centre.readings() == 8);
    CHECK(world.centre.counter("lost_records_total") == 4);
}

TEST_CASE("a rescan longer than a tick ends") {
    World world;
    world.append(world.other, 1, 40);
    world.append(world.node, 2, 2);
    world.centre.run(20);
    CHECK(world.source.rewinds.size() == 1);
    CHECK(world.centre.readings("cellar") == 40);
    CHECK(world.centre.counter("rescans_total") == 1);
    CHECK(world.source.settled_cursor == "0-41");
}
