// Goal: a key that another program wrote stops only what belongs in it, and the message names the
// key and its cure. Method: a real Redis in which the test spoils a key, and the cure as a person
// would paste it.
#include <doctest/doctest.h>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"

using base::Fault;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Answer;

namespace {

struct World : RealWorld {
    World() {
        ENSURE(partition_of("attic") != partition_of("cellar"));
        attic.grow(6);
        cellar.grow(6);
    }
    void spoil(const std::string& key) {
        REQUIRE(client().run({{"DEL", key}, {"SET", key, "of another program"}}));
    }
    void cure(const std::string& key) {
        REQUIRE(client().run_one({"RENAME", key, "aside:" + key}));
    }
    std::string remedy(const std::string& key) {
        return "Remedy: " + client().command_line() + " RENAME '" + key + "' 'aside:" + key + "'";
    }
    /// Both nodes send a record; only the attic cannot.
    void check_only_attic_waits(std::uint64_t seq, const std::string& key) {
        const auto acks = store.ingest({attic.batch(seq, 1), cellar.batch(seq, 1)});
        REQUIRE_MESSAGE(acks, acks.error().detail);
        CHECK(acks.value()[0].answer == Answer::busy);
        CHECK(acks.value()[0].durable == attic.mark(0));
        CHECK_MESSAGE(acks.value()[0].reason.find(remedy(key)) != std::string::npos,
                      acks.value()[0].reason);
        CHECK(acks.value()[1].durable == cellar.mark(seq));
    }
    void check_named(const base::Error& error, const std::string& key) {
        CHECK(error.fault == Fault::misconfigured);
        CHECK_MESSAGE(error.detail.find(remedy(key)) != std::string::npos, error.detail);
    }

    TestNode attic{"attic", 0xa};
    TestNode cellar{"cellar", 0xb};
};

}  // namespace

TEST_CASE("a stream that is none makes its nodes wait, and no others") {
    World world;
    const auto key = world.key("attic", "records");
    world.spoil(key);
    world.check_only_attic_waits(1, key);
    const auto attic = world.partition_of("attic");
    const auto read = world.source.read(attic, "0-0", 10);
    REQUIRE_FALSE(read);
    world.check_named(read.error(), key);
    const auto settled = world.source.settle(attic, "0-0", {});
    REQUIRE_FALSE(settled);
    world.check_named(settled.error(), key);
    CHECK(world.source.read(world.partition_of("cellar"), "0-0", 10).value().size() == 1);
    world.cure(key);
    CHECK(world.store.ingest({world.attic.batch(1, 2)}).value()[0].answer == Answer::ok);
}

TEST_CASE("a node whose hash is none waits alone, even in its partition") {
    World world;
    const auto key = world.key("attic", "node:attic");
    world.spoil(key);
    world.check_only_attic_waits(1, key);
    const auto cellar = world.partition_of("cellar");
    // Its own partition settles, rewinds and is surveyed all the same.
    const auto attic = world.partition_of("attic");
    CHECK(world.source.settle(attic, "0-0", {{"attic", {0xa}, world.attic.mark(1)}}));
    CHECK(world.source.rewind(attic, {"attic", {0xa}, world.attic.mark(0)}));
    REQUIRE(world.source.settle(cellar, "0-0", {{"cellar", {0xb}, world.cellar.mark(1)}}));
    std::vector<ingest::AppliedMark> known;
    std::string from;
    do {
        const auto page = world.source.survey(from);
        REQUIRE_MESSAGE(page, page.error().detail);
        known.insert(known.end(), page.value().applied.begin(), page.value().applied.end());
        from = page.value().next;
    } while (!from.empty());
    REQUIRE(known.size() == 1);
    CHECK(known[0] == ingest::AppliedMark{"cellar", {0xb}, world.cellar.mark(1)});
    world.cure(key);
    CHECK(world.store.ingest({world.attic.batch(1, 2)}).value()[0].answer == Answer::ok);
}

TEST_CASE("cursors that are none stop the settling of their partition, and are named") {
    World world;
    const auto key = world.key("attic", "cursors");
    world.spoil(key);
    REQUIRE(world.store.ingest({world.attic.batch(1, 1)}));
    const auto settled = world.source.settle(world.partition_of("attic"), "0-0", {});
    REQUIRE_FALSE(settled);
    world.check_named(settled.error(), key);
    CHECK(world.source.settle(world.partition_of("cellar"), "0-0", {}));
}

TEST_CASE("dead letters that cannot be kept are only that") {
    World world;
    world.spoil("leat:dead");
    const auto buried = world.store.bury({.topic = "x", .payload = "y", .reason = "z"});
    REQUIRE_FALSE(buried);
    CHECK(buried.error().fault == Fault::malformed);
    CHECK(buried.error().detail.find(world.remedy("leat:dead")) != std::string::npos);
}

TEST_CASE("keys of the whole data set are named, too") {
    for (const auto* key : {"leat:lineage", "leat:partitions", "leat:sink:sqlite"}) {
        CAPTURE(key);
        World world;
        REQUIRE(world.client().run({{"DEL", key}, {"LPUSH", key, "of another program"}}));
        const std::string name = key;
        if (name == "leat:lineage") world.check_named(world.source.lineage().error(), key);
        if (name == "leat:partitions") {
            world.check_named(world.source.partitions().error(), key);
            world.check_named(world.store.check().error(), key);
        }
        if (name == "leat:sink:sqlite") world.check_named(world.source.claim("mine").error(), key);
    }
}

TEST_CASE("an older copy of a sink lowers what Redis knows as applied") {
    World world;
    const auto attic = world.partition_of("attic");
    REQUIRE(world.store.ingest({world.attic.batch(1, 5)}));
    REQUIRE(world.source.settle(attic, "0-0", {{"attic", {0xa}, world.attic.mark(5)}}));
    REQUIRE(world.source.rewind(attic, {"attic", {0xa}, world.attic.mark(2)}));
    const auto ack = world.store.ingest({world.attic.batch(6, 1)}).value()[0];
    CHECK(ack.answer == Answer::gap);
    CHECK(ack.expected == 3);
    CHECK(ack.durable == world.attic.mark(2));
    CHECK(ack.applied == world.attic.mark(2));
    REQUIRE(world.source.rewind(attic, {"attic", {0xa}, world.attic.mark(0)}));
    CHECK_FALSE(world.store.ingest({world.attic.batch(6, 1)}).value()[0].applied);
}
