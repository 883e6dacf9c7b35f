#include "bridge/bridge.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "bridge/fake_store.hpp"
#include "bridge/manual_connection.hpp"
#include "bridge/test_node.hpp"
#include "support/manual_clock.hpp"

using base::Error;
using base::Fault;
using bridge::Dropped;
using bridge_test::ManualConnection;
using bridge_test::TestNode;
using wire::Answer;

namespace {

/// A bridge between a broker and a Redis that do what the test says.
struct World {
    explicit World(bridge::BridgeOptions options = {})
        : bridge(std::move(options), connection, store, clock, 1) {}

    void receive(const TestNode& node, std::uint64_t base, std::uint32_t count) {
        receive("leat/v1/" + node.name() + "/data", node.payload(base, count));
    }
    void receive(std::string topic, std::string payload) {
        connection.incoming.push_back(
            {.topic = std::move(topic), .payload = std::move(payload), .retained = false});
    }
    void tick(base::Duration later = {}) {
        clock.advance(later);
        const auto ticked = bridge.tick(clock.instant());
        if (!ticked) FAIL(ticked.error().detail);
    }
    std::vector<wire::Ack> acks() const {
        std::vector<wire::Ack> acks;
        for (const auto& message : connection.published_to("/ack")) {
            auto ack = wire::decode_ack(message.payload);
            REQUIRE(ack);
            acks.push_back(ack.value());
        }
        return acks;
    }
    base::Json status() const {
        const auto published = connection.published_to("/status");
        REQUIRE_FALSE(published.empty());
        auto json = base::parse_json(published.back().payload);
        REQUIRE(json);
        return json.value();
    }

    support::ManualClock clock;
    fake::Redis redis;
    fake::FakeStore store{redis, clock};
    ManualConnection connection;
    bridge::Bridge bridge;
};

const Error kAway{Fault::transient, "connection refused"};

}  // namespace

TEST_CASE("a batch is stored and acknowledged to its node") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(3);
    world.receive(node, 1, 3);
    world.tick();
    const auto sent = world.connection.published_to("/ack");
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].topic == "leat/v1/attic/ack");
    CHECK(sent[0].qos == 1);
    CHECK_FALSE(sent[0].retain);
    CHECK(sent[0].expiry == std::chrono::seconds{60});
    CHECK(world.acks()[0].durable == node.mark(3));
    CHECK(world.redis.entries() == 3);
    CHECK(world.bridge.tally().batches(Answer::ok) == 1);
    CHECK(world.bridge.tally().records() == 3);
}

TEST_CASE("nothing is acknowledged when the store failed, wherever it failed") {
    for (const auto point : {fake::FailPoint::before_write, fake::FailPoint::after_write,
                             fake::FailPoint::after_barrier}) {
        World world;
        const auto node = TestNode("attic", 0xa).grow(3);
        world.tick();
        world.redis.fail_next(point);
        world.receive(node, 1, 3);
        world.tick();
        CHECK(world.acks().empty());
        CHECK(world.bridge.tally().dropped(Dropped::store_failed) == 1);
        // The power goes, and the node sends again.
        world.redis.crash();
        world.tick(std::chrono::seconds{1});
        world.receive(node, 1, 3);
        world.tick();
        REQUIRE(world.acks().size() == 1);
        CHECK(world.acks()[0].durable == node.mark(3));
        CHECK(world.redis.entries() == 3);
    }
}

TEST_CASE("while the store is away messages are dropped and counted, and later all is well") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(3);
    world.redis.fail(kAway);
    for (int i = 0; i < 5; ++i) {
        world.receive(node, 1, 3);
        world.tick(std::chrono::seconds{20});
    }
    CHECK(world.acks().empty());
    CHECK(world.connection.incoming.empty());
    CHECK(world.bridge.tally().dropped(Dropped::store_away) == 5);
    CHECK(world.status().find("redis")->string == "connection refused");

    world.redis.fail({});
    world.tick(std::chrono::seconds{20});
    world.receive(node, 1, 3);
    world.tick();
    CHECK(world.acks().size() == 1);
    CHECK(world.status().find("redis")->string == "ready");
}

TEST_CASE("a store without room makes the nodes try again soon, and the bridge says why") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(3);
    world.receive(node, 1, 1);
    world.tick();
    world.redis.fail(Error{Fault::exhausted, "OOM command not allowed"});
    for (int i = 0; i < 5; ++i) {
        world.receive(node, 2, 2);
        world.tick(std::chrono::seconds{20});
        const auto ack = world.acks().back();
        CHECK(ack.answer == Answer::busy);
        CHECK(ack.retry_after == std::chrono::seconds{2});
        CHECK(ack.durable == node.mark(0));
        CHECK(ack.reason == "OOM command not allowed");
    }
    CHECK(world.status().find("redis")->string == "OOM command not allowed");
    CHECK(world.bridge.tally().dropped(Dropped::store_failed) == 0);

    world.redis.fail({});
    world.receive(node, 2, 2);
    world.tick(std::chrono::seconds{2});
    CHECK(world.acks().back().durable == node.mark(3));
    world.tick(std::chrono::seconds{61});
    CHECK(world.status().find("redis")->string == "ready");
}

TEST_CASE("a store that is away is not asked at every tick") {
    World world;
    world.redis.fail(kAway);
    for (int i = 0; i < 10'000; ++i) world.tick(base::Duration{1});
    CHECK(world.bridge.tally().failures() > 2);
    CHECK(world.bridge.tally().failures() < 50);
}

TEST_CASE("a store that only an operator can mend stops the bridge") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(1);
    world.redis.fail(Error{Fault::misconfigured, "appendonly is no"});
    world.receive(node, 1, 1);
    const auto ticked = world.bridge.tick(world.clock.instant());
    REQUIRE_FALSE(ticked);
    CHECK(ticked.error().fault == Fault::misconfigured);
    CHECK(world.acks().empty());
}

TEST_CASE("an idle bridge notices within the status interval that the store went away") {
    World world;
    world.tick();
    CHECK(world.status().find("redis")->string == "ready");
    world.redis.fail(kAway);
    world.tick(std::chrono::seconds{31});
    CHECK(world.status().find("redis")->string == "connection refused");
}

TEST_CASE("a payload that is not a batch is kept for a person and delays no other") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(1);
    world.receive("leat/v1/attic/data", "rubbish");
    world.receive("leat/v1/Attic/data", "rubbish");
    world.receive(node, 1, 1);
    world.tick();
    CHECK(world.acks().size() == 1);
    REQUIRE(world.redis.dead.size() == 2);
    CHECK(world.redis.dead[0].payload == "rubbish");
    CHECK(world.bridge.tally().dead(bridge::DeadCause::payload) == 1);
    CHECK(world.bridge.tally().dead(bridge::DeadCause::topic) == 1);
}

TEST_CASE("a flood of rubbish costs few writes a tick and all of it is counted") {
    World world;
    for (int i = 0; i < 640; ++i) world.receive("leat/v1/attic/data", "rubbish");
    for (int i = 0; i < 10; ++i) world.tick();
    CHECK(world.connection.incoming.empty());
    CHECK(world.redis.dead.size() == 40);
    CHECK(world.bridge.tally().dead(bridge::DeadCause::payload) == 640);
}

TEST_CASE("a tick accepts at most one group") {
    World world{{.group_batches_max = 4}};
    const auto node = TestNode("attic", 0xa).grow(20);
    for (std::uint64_t seq = 1; seq <= 10; ++seq) world.receive(node, seq, 1);
    world.tick();
    CHECK(world.redis.entries() == 4);
    world.tick();
    world.tick();
    CHECK(world.redis.entries() == 10);
    CHECK_FALSE(world.bridge.idle());
    world.tick();
    CHECK(world.bridge.idle());

    World thin{{.group_bytes_max = 1}};
    thin.receive(node, 1, 1);
    thin.receive(node, 2, 1);
    thin.tick();
    CHECK(thin.redis.entries() == 1);
}

TEST_CASE(
    "acknowledgements wait for room in the window, and beyond the bound no message is accepted") {
    World world{{.group_batches_max = 4, .acks_max = 4}};
    world.tick();
    world.connection.room = 1;
    for (std::uint64_t i = 1; i <= 12; ++i) {
        world.receive(TestNode("node-" + std::to_string(i), i).grow(1), 1, 1);
    }
    for (int i = 0; i < 9; ++i) world.tick();
    CHECK(world.acks().size() == 1);
    CHECK(world.connection.incoming.size() == 4);
    world.connection.room = 100;
    world.tick();
    world.tick();
    world.tick();
    CHECK(world.acks().size() == 12);
}

TEST_CASE("of several good answers to a node in one group, only the newest is sent") {
    World world;
    const auto node = TestNode("attic", 0xa).grow(9);
    const auto clone = TestNode("attic", 0xa).grow(2).grow(9, "clone");
    for (std::uint64_t seq = 1; seq <= 3; ++seq) world.receive(node, seq, 1);
    world.receive(TestNode("attic", 0xb).grow(1), 1, 1);
    world.receive(clone, 4, 1);
    world.receive(node, 4, 1);
    world.tick();
    const auto acks = world.acks();
    REQUIRE(acks.size() == 3);
    CHECK(acks[0].answer == Answer::fork);
    CHECK(acks[0].durable == node.mark(3));
    CHECK(acks[1].incarnation.bits == 0xb);
    CHECK(acks[2].answer == Answer::ok);
    CHECK(acks[2].durable == node.mark(4));
}

TEST_CASE("acknowledgements of a lost connection are not carried into the next") {
    World world;
    world.tick();
    world.connection.room = 0;
    const auto node = TestNode("attic", 0xa).grow(1);
    world.receive(node, 1, 1);
    world.tick();
    world.connection.session_number = 2;
    world.connection.room = 100;
    world.tick();
    CHECK(world.acks().empty());
    CHECK(world.bridge.tally().lost_acks() == 1);
}

TEST_CASE("the status is retained, comes at connect, every second and at the end") {
    World world{{.id = "gateway", .version = "1.2.3"}};
    world.connection.session_number = 0;
    world.tick();
    CHECK(world.connection.published.empty());
    world.connection.session_number = 7;
    world.tick();
    world.tick(std::chrono::milliseconds{999});
    auto published = world.connection.published_to("/status");
    REQUIRE(published.size() == 1);
    CHECK(published[0].topic == "leat/v1/bridge/gateway/status");
    CHECK(published[0].retain);
    CHECK(world.status().find("state")->string == "ready");
    CHECK(world.status().find("version")->string == "1.2.3");
    world.tick(std::chrono::milliseconds{1});
    CHECK(world.connection.published_to("/status").size() == 2);
    world.connection.session_number = 8;
    world.tick();
    CHECK(world.connection.published_to("/status").size() == 3);
    world.bridge.say_goodbye();
    CHECK(world.status().find("state")->string == "disconnected");
}

TEST_CASE("the status counts what the mailbox had no room for") {
    World world;
    world.connection.dropped_number = 7;
    world.tick();
    const auto status = world.status();
    CHECK(status.find("dropped")->find("mailbox_full")->count() == 7);
}
