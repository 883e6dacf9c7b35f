#include <doctest/doctest.h>

#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

/// The node as it was, and after a fork: records from `from` on are re-keyed with their origin.
struct World {
    World() { before.add_readings(10); }

    static WrittenNode fork(const WrittenNode& old, std::uint64_t incarnation, std::uint64_t from) {
        WrittenNode forked{old.name(), incarnation};
        for (auto seq = from; seq <= old.head(); ++seq) {
            forked.add(wire::with_origin(old.line(seq), old.origin(seq)));
        }
        return forked;
    }
    void append(const WrittenNode& from, std::uint64_t first, std::uint64_t last) {
        for (auto seq = first; seq <= last; ++seq) source.append(from.entry(seq));
    }
    void go(bool commit) {
        if (commit) centre.run();
    }

    ScriptedSource source;
    WrittenNode before{"attic", 1};
    Centre centre{source};
};

}  // namespace

TEST_CASE("records applied under their old number are not applied under the new one") {
    // In one step the tail is still in memory; in two it is in the sink; after a restart only
    // there.
    for (const bool commit : {false, true}) {
        CAPTURE(commit);
        World world;
        world.append(world.before, 1, 6);
        world.go(commit);
        if (commit) world.centre.restart();
        const auto after = World::fork(world.before, 2, 4);
        world.append(after, 1, after.head());
        world.centre.run();
        CHECK(world.centre.readings() == 10);
        CHECK(world.centre.counter("forked_duplicates_total") == 3);
        CHECK(world.source.settled.at({"attic", {2}}) == after.mark(after.head()));
        CHECK(world.centre.query().nodes().value().at(0).applied == after.mark(after.head()));
    }
}

TEST_CASE("an old record that arrives after its forked copy is a duplicate") {
    for (const bool commit : {false, true}) {
        CAPTURE(commit);
        World world;
        world.append(world.before, 1, 3);
        const auto after = World::fork(world.before, 2, 4);
        world.append(after, 1, 2);
        world.go(commit);
        if (commit) world.centre.restart();
        world.append(world.before, 4, 5);
        world.append(after, 3, after.head());
        world.centre.run();
        CHECK(world.centre.readings() == 10);
        CHECK(world.centre.counter("duplicates_total") == 2);
        CHECK(world.centre.counter("forked_duplicates_total") == 0);
    }
}

TEST_CASE("a record forked twice counts once") {
    World world;
    world.append(world.before, 1, 3);
    const auto second = World::fork(world.before, 2, 4);
    world.append(second, 1, 3);
    world.centre.run();
    const auto third = World::fork(second, 3, 1);
    REQUIRE(third.line(1).find("\"inc\":\"0000000000000001\"") != std::string::npos);
    world.append(third, 1, third.head());
    world.centre.run();
    CHECK(world.centre.readings() == 10);
    CHECK(world.centre.counter("forked_duplicates_total") == 3);
}

TEST_CASE("another record under the same old number is new") {
    World world;
    world.append(world.before, 1, 6);
    world.centre.run();
    // A card restored from a copy: it went on from 3 with other records.
    WrittenNode restored{"attic", 1};
    restored.add_readings(3);
    for (std::uint64_t i = 0; i < 3; ++i) restored.add(WrittenNode::reading(1'000 + i));
    const auto after = World::fork(restored, 2, 2);
    world.append(after, 1, after.head());
    world.centre.run();
    CHECK(world.centre.readings() == 9);
    CHECK(world.centre.counter("forked_duplicates_total") == 2);
    CHECK(world.centre.counter("suspect_duplicates_total") == 0);
}

TEST_CASE("a number used again with another content is kept for a person") {
    World world;
    world.append(world.before, 1, 3);
    world.centre.run();
    WrittenNode restored{"attic", 1};
    restored.add_readings(2);
    restored.add(WrittenNode::reading(500));
    world.append(restored, 3, 3);
    world.centre.run();
    CHECK(world.centre.readings() == 3);
    CHECK(world.centre.counter("conflicts_total") == 1);
    CHECK(world.centre.counters.value("leat_central_quarantined_total", {{"reason", "conflict"}}) ==
          1);
}
