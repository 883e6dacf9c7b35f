// Goal: a Redis that comes back as an older copy of itself, of the same lineage, costs a rescan and
// no record. Method: the fake Redis forgets what was not on its disk although central has committed
// it, and its clock runs behind, so that new ids are below the committed cursor.
#include <doctest/doctest.h>

#include "bridge/fake_source.hpp"
#include "bridge/fake_store.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"
#include "support/manual_clock.hpp"

using namespace central_test;

namespace {

struct World {
    World() { node.add_readings(40); }

    std::optional<wire::Mark> send(std::uint64_t first, std::uint64_t last) {
        const auto count = static_cast<std::uint32_t>(last + 1 - first);
        const auto acks = store.ingest({node.batch(first, count)});
        return acks ? acks.value().at(0).applied : std::nullopt;
    }
    /// Records up to 10 are on the disk; those up to 30 central has committed, and Redis forgets.
    void forget_what_was_committed() {
        send(1, 10);
        centre.tick();
        clock.advance(10s);
        redis.fail_next(fake::FailPoint::after_write);
        send(11, 30);
        for (int i = 0; i < 100 && centre.readings() < 30; ++i) centre.tick();
        REQUIRE(centre.readings() == 30);
        redis.crash();
        clock.step_wall(-5s);
    }
    void check_all_is_counted() {
        CHECK(centre.readings() == 40);
        CHECK(centre.counter("holes_total") == 0);
        CHECK(centre.counter("rewinds_total") == 0);
        CHECK(centre.counter("lost_records_total") == 0);
        CHECK(send(41, 40) == node.mark(40));
        CHECK(redis.entries() == 0);
        CHECK_FALSE(centre.pipeline->trouble());
    }

    support::ManualClock clock;
    fake::Redis redis{{.partitions = 1}};
    fake::FakeStore store{redis, clock};
    fake::FakeSource source{redis, "sqlite"};
    WrittenNode node{"attic", 1};
    Centre centre{source};
};

}  // namespace

TEST_CASE("a running central notices an older copy within ten seconds, even if nothing arrives") {
    World world;
    world.forget_what_was_committed();
    CHECK(world.centre.counter("rescans_total") == 0);
    world.centre.tick(11s);
    CHECK(world.centre.counter("rescans_total") == 1);
    world.send(11, 40);
    for (int i = 0; i < 10; ++i) world.centre.tick(1s);
    world.check_all_is_counted();
    CHECK(world.centre.counter("rescans_total") == 1);
}

TEST_CASE("a central that starts beside an older copy trims nothing that it has not read") {
    World world;
    world.forget_what_was_committed();
    world.send(11, 40);
    world.centre.restart();
    world.centre.run();
    world.check_all_is_counted();
    CHECK(world.centre.counter("rescans_total") == 1);
}

TEST_CASE("a copy from before the first record is read from its beginning, once") {
    World world;
    world.redis.fail_next(fake::FailPoint::after_write);
    world.send(1, 10);
    world.centre.run();
    world.redis.crash();
    world.clock.step_wall(-5s);
    world.centre.run(20);
    CHECK(world.centre.counter("rescans_total") == 1);
    world.send(1, 40);
    world.centre.run();
    world.check_all_is_counted();
    CHECK(world.centre.counter("rescans_total") == 1);
}

TEST_CASE("a source that refuses every cursor is not asked in a loop") {
    ScriptedSource source;
    source.refusing_settle = true;
    Centre centre{source};
    for (int i = 0; i < 1'000; ++i) centre.tick(1ms);
    CHECK(centre.counter("rescans_total") > 0);
    CHECK(centre.counter("rescans_total") < 10);
    CHECK(centre.pipeline->trouble());
}
