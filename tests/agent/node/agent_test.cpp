// Goal: the tick as a whole: what is read is committed, sent, and deleted only when it may be.
// Method: a scripted sensor, a connection that the test controls, an outbox that can be made to
// fail.

#include "agent/node/scripted_node.hpp"

namespace {

using namespace std::chrono_literals;
using Node = agent_test::ScriptedNode;

}  // namespace

TEST_CASE("readings are committed every flush, with or without a broker") {
    Node node;
    node.script->answer = 1;
    node.run(1980ms);
    CHECK(node.outbox.extent().head == 0);
    node.run(40ms);
    CHECK(node.outbox.extent().head == 2);  // The declaration and the readings.
    node.run(20s);
    CHECK(node.counters.value("leat_agent_commits_total") == 11);
    CHECK(node.committed().size() >= 195);
    CHECK(node.connection.published.empty());
}

TEST_CASE("what is urgent is committed at once, but at most twice a second") {
    Node node{100ms, false, true};
    node.script->answer = 1;
    node.run(200ms);
    CHECK(!node.committed().empty());
    node.run(10s);
    const auto commits = node.counters.value("leat_agent_commits_total");
    CHECK(commits >= 20);
    CHECK(commits <= 22);
}

TEST_CASE("an outbox that accepts nothing is not tried more often for urgent readings") {
    Node node{100ms, false, true};
    node.script->answer = 1;
    node.outbox.fails = true;
    node.run(60s);
    CHECK(node.outbox.failures < 20);
}

TEST_CASE("a flush that failed is committed later, in order, and nothing is lost or doubled") {
    Node node;
    double number = 0;
    const auto say = [&] {
        drivers::Harvest harvest;
        harvest.measurements.push_back(
            {.quantity = 0, .value = ++number, .taken = node.clock.instant(), .source_time = {}});
        node.script->harvests.push_back(harvest);
    };
    for (int i = 0; i < 30; ++i) {
        node.outbox.fails = i >= 5 && i < 20;
        say();
        node.run(1s);
    }
    node.run(40s);
    CHECK(node.outbox.failures > 2);
    CHECK(node.outbox.failures < 15);  // It backs off.
    CHECK(node.counters.value("leat_agent_commit_errors_total") == node.outbox.failures);
    const auto values = node.committed();
    REQUIRE(values.size() == 30);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == static_cast<double>(i + 1));
}

TEST_CASE("permission to delete is the applied mark, and only that") {
    Node node;
    node.script->answer = 1;
    node.connection.connect();
    node.run(10s);
    CHECK(node.outbox.last_settled == 0);
    node.acknowledge(3);
    node.run(3s);
    CHECK(node.agent.uplink().durable() > 3);
    CHECK(node.agent.uplink().applied() == 3);
    CHECK(node.outbox.last_settled == 3);
}

TEST_CASE("a source that can wait does, while the outbox is a third full, and goes on afterwards") {
    Node node(0ms, true);
    std::uint64_t given = 0;
    const auto refill = [&] {
        while (node.script->harvests.size() < 5) {
            drivers::Harvest harvest;
            for (int i = 0; i < 500; ++i) {
                harvest.measurements.push_back(
                    {.quantity = 0,
                     .value = 1.0 / 3.0,
                     .taken = {},
                     .source_time = base::from_milliseconds(static_cast<std::int64_t>(++given))});
            }
            harvest.position = fmt::format("{}", given);
            node.script->harvests.push_back(std::move(harvest));
        }
    };
    for (int i = 0; i < 500; ++i) {
        refill();
        node.run(20ms);
    }
    const auto extent = node.outbox.extent();
    CHECK(extent.evicted == 0);
    CHECK(extent.bytes > extent.quota / 3);
    CHECK(extent.bytes < extent.quota);
    const auto collected = node.script->collected;
    node.run(10s);
    CHECK(node.script->collected == collected);
    CHECK(node.outbox.position("a") == fmt::format("{}", node.committed().size()));
    node.connection.connect();
    node.run(20ms);
    node.acknowledge(extent.head);
    refill();
    node.run(10s);
    CHECK(node.script->collected > collected);
    CHECK(node.outbox.extent().evicted == 0);
}

TEST_CASE("saying goodbye commits what is pending and publishes `disconnected`") {
    Node node;
    node.connection.connect();
    node.script->answer = 1;
    node.run(1s);
    CHECK(node.committed().empty());
    node.agent.say_goodbye(node.clock.instant());
    CHECK(node.committed().size() >= 8);
    const auto last = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(last);
    CHECK(last.value().state == wire::NodeState::disconnected);
}

TEST_CASE("saying goodbye also commits what waited behind a held flush") {
    Node node;
    node.script->answer = 1;
    node.outbox.fails = true;
    node.run(5s);
    node.outbox.fails = false;
    const auto taken = node.counters.value("leat_agent_readings_total", {{"sensor", "a"}});
    node.agent.say_goodbye(node.clock.instant());
    CHECK(static_cast<double>(node.committed().size()) >= taken);
}

TEST_CASE("after a fork every series is declared again") {
    Node node;
    node.script->answer = 1;
    node.connection.connect();
    node.run(5s);
    const auto declarations = [&] {
        std::size_t count = 0;
        const auto records = node.outbox.read(0, 1'000'000, 1'000'000'000);
        for (const auto& record : records.value()) {
            count += record.line.starts_with(R"({"k":"series")") ? 1U : 0U;
        }
        return count;
    };
    REQUIRE(declarations() == 1);
    wire::Ack ack;
    ack.incarnation = node.outbox.extent().incarnation;
    ack.answer = wire::Answer::fork;
    ack.durable = {.seq = 2, .hash = {}};  // Another record 2 than ours.
    ack.applied = {.seq = 1, .hash = *node.outbox.hash_at(1).value()};
    node.connection.inbox.push_back({.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack)});
    node.run(5s);
    CHECK(declarations() == 1);  // The old one is stored there; this is a new one.
    CHECK(node.outbox.hash_at(0).value() ==
          wire::Chain{}.start("n", node.outbox.extent().incarnation));
}

TEST_CASE("what a restored outbox reads again from files is told, and nothing else is") {
    for (const bool is_file : {true, false}) {
        CAPTURE(is_file);
        Node node(100ms, is_file);
        for (int i = 0; i < 3; ++i) node.say_all();
        node.connection.connect();
        node.run(5s);  // The file has caught up.
        node.say_all();
        node.run(5s);
        const auto alarms = [&] {
            return fmt::format("{}",
                               fmt::join(node.agent.status(wire::NodeState::ready).alarms, "; "));
        };
        node.acknowledge(1);
        node.run(1s);
        CHECK(alarms().empty());
        wire::Ack ack;
        ack.incarnation = node.outbox.extent().incarnation;
        ack.durable = {.seq = node.outbox.extent().head + 7, .hash = {}};  // Of its last life.
        node.connection.inbox.push_back(
            {.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack)});
        node.run(5s);
        node.acknowledge(1);  // It goes on, and that is not forgotten.
        node.run(5s);
        const bool is_told = alarms() ==
                             "restored outbox: readings that were read again and may count twice: "
                             "3 of a";
        CAPTURE(alarms());
        CHECK(is_told == is_file);
    }
}

TEST_CASE("messages of other nodes and retained ones change nothing") {
    Node node;
    node.connection.connect();
    node.script->answer = 1;
    node.run(5s);
    node.acknowledge(2);
    node.connection.inbox.back().retained = true;
    node.acknowledge(2);
    node.connection.inbox.back().topic = "leat/v1/other/ack";
    node.run(1s);
    CHECK(node.agent.uplink().applied() == 0);
    CHECK(node.counters.value("leat_agent_messages_ignored_total") == 2);
}

TEST_CASE("saying goodbye sends what it commits, while there is a connection") {
    Node node;
    node.connection.connect();
    node.run(2040ms);
    node.acknowledge(0);  // The centre answers: the node streams.
    node.run(20ms);
    node.script->answer = 1;
    node.run(1s);
    REQUIRE(node.committed().empty());
    node.connection.published.clear();
    node.agent.say_goodbye(node.clock.instant());
    REQUIRE_FALSE(node.committed().empty());
    const auto batches = node.connection.on("leat/v1/n/data");
    REQUIRE(batches.size() == 1);
    const auto header = wire::decode_batch(batches[0].payload).value().header;
    CHECK(header.base + header.count - 1 == node.outbox.extent().head);
}

TEST_CASE("services are stopped before the node says that it is gone") {
    struct LastWord final : agent::Service {
        explicit LastWord(support::FakeConnection& to) : connection(to) {}
        bool accept(const broker::Message&, agent::ServedNode&, base::Instant) override {
            return false;
        }
        void tick(agent::ServedNode&, base::Instant) override {}
        void stop(base::Instant) override {
            REQUIRE(connection.publish({.topic = "last/word", .payload = "x"}));
        }
        support::FakeConnection& connection;
    };
    Node node;
    LastWord service{node.connection};
    node.agent.register_service(service);
    node.connection.connect();
    node.run(1s);
    node.agent.say_goodbye(node.clock.instant());
    CHECK(node.connection.on("last/word").size() == 1);
    CHECK(node.connection.published.back().topic == "leat/v1/n/status");
}

TEST_CASE("one step accepts a bounded number of messages, and the next one goes on") {
    Node node;
    node.connection.connect();
    for (int i = 0; i < 200; ++i) {
        node.connection.inbox.push_back({.topic = "x", .payload = "y", .retained = false});
    }
    node.run(20ms);
    CHECK(node.connection.inbox.size() == 136);
    node.run(60ms);
    CHECK(node.connection.inbox.empty());
    CHECK(node.counters.value("leat_agent_messages_ignored_total") == 200);
}

TEST_CASE("a source that can wait does while the outbox accepts nothing") {
    Node node(0ms, true);
    const auto say = [&] {
        drivers::Harvest harvest;
        harvest.measurements.push_back(
            {.quantity = 0, .value = 1, .taken = node.clock.instant(), .source_time = {}});
        node.script->harvests.push_back(harvest);
    };
    say();
    node.outbox.fails = true;
    node.run(5s);
    REQUIRE(node.outbox.failures > 0);
    const auto collected = node.script->collected;
    say();
    node.run(200ms);
    CHECK(node.script->collected == collected);
    node.outbox.fails = false;
    node.run(40s);
    CHECK(node.script->harvests.empty());
    CHECK(node.committed().size() == 2);
}
