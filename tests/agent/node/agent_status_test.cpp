// Goal: what the retained status and state say of a node, and when they are published.
// Method: as in agent_test.cpp.

#include "agent/node/scripted_node.hpp"
#include "support/captured_log.hpp"

namespace {

using namespace std::chrono_literals;
using Node = agent_test::ScriptedNode;

}  // namespace

TEST_CASE("status is published on connect, every half minute, and with what is wrong") {
    Node node;
    node.run(5s);
    CHECK(node.connection.published.empty());
    node.connection.connect();
    node.run(1s);
    auto published = node.connection.on("leat/v1/n/status");
    REQUIRE(published.size() == 1);
    CHECK(published[0].retain);
    const auto status = wire::decode_status(published[0].payload);
    REQUIRE(status);
    CHECK(status.value().state == wire::NodeState::ready);
    CHECK(status.value().version == "1");
    CHECK(status.value().uptime >= 5s);
    CHECK(status.value().head == node.outbox.extent().head);
    node.run(5min, 100ms);
    published = node.connection.on("leat/v1/n/status");
    CHECK(published.size() == 11);
    node.outbox.fails = true;
    node.script->answer = 1;
    node.run(5s, 100ms);  // At once, not with the next status.
    const auto sick = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(sick);
    REQUIRE(!sick.value().faults.empty());
    CHECK(sick.value().faults[0] == "outbox: does not accept records");
    CHECK(sick.value().alarms == std::vector<std::string>{"outbox: does not accept records"});
}

TEST_CASE("when what the status names as waiting has reached the centre, it is published again") {
    Node node;
    node.script->answer = 1;
    node.connection.connect();
    node.run(3s);
    node.script->answer.reset();
    node.run(40s);
    const auto statuses = [&] { return node.connection.on("leat/v1/n/status"); };
    const auto waiting = wire::decode_status(statuses().back().payload);
    REQUIRE(waiting);
    REQUIRE(waiting.value().outbox_records > 0);
    node.connection.published.clear();
    node.acknowledge(1);
    node.run(3s);
    CHECK(statuses().empty());  // Some still wait.
    node.acknowledge(node.outbox.extent().head);
    node.run(3s);
    REQUIRE(statuses().size() == 1);
    const auto emptied = wire::decode_status(statuses().back().payload);
    REQUIRE(emptied);
    CHECK(emptied.value().outbox_records == 0);
    CHECK(emptied.value().applied == node.outbox.extent().head);
    node.run(20s);
    CHECK(statuses().size() == 1);
}

TEST_CASE("while readings go on, the status says soon that a backlog is gone") {
    Node node;
    node.script->answer = 1;
    node.connection.connect();
    node.run(300s);
    const auto statuses = [&] { return node.connection.on("leat/v1/n/status"); };
    const auto before = wire::decode_status(statuses().back().payload);
    REQUIRE(before);
    REQUIRE(before.value().outbox_records > 20);
    node.connection.published.clear();
    node.acknowledge(node.outbox.extent().head - 1);  // The newest never is.
    node.run(3s);
    REQUIRE(statuses().size() == 1);
    const auto after = wire::decode_status(statuses().back().payload);
    REQUIRE(after);
    CHECK(after.value().outbox_records <= 2);
    for (int i = 0; i < 60; ++i) {
        node.run(1s);
        node.acknowledge(node.outbox.extent().head - 1);
    }
    CHECK(statuses().size() <= 5);  // As often as always.
}

TEST_CASE("a node whose readings reach the centre at once publishes no status for each of them") {
    Node node;
    node.script->answer = 1;
    node.connection.connect();
    for (int i = 0; i < 120; ++i) {
        node.run(1s);
        node.acknowledge(node.outbox.extent().head);
    }
    CHECK(node.connection.on("leat/v1/n/status").size() <= 10);
}

TEST_CASE("a state that is larger than the broker accepts is in the status, and tried rarely") {
    Node node;
    node.add_quantities(30);
    node.connection.says_max = 1000;
    node.connection.connect();
    node.say_all();
    node.run(3s);
    node.connection.offered = 0;
    for (int i = 0; i < 10; ++i) {
        node.say_all();
        node.run(2s);
    }
    CHECK(node.connection.on("leat/v1/n/state").empty());
    CHECK(node.connection.offered < 25);  // Not in every tick: ten states, and a few others.
    const auto status = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(status);
    CHECK(status.value().faults ==
          std::vector<std::string>{"state: larger than the 1000 bytes that the broker accepts"});
    node.connection.says_max = broker::kPayloadMax;
    node.say_all();
    node.run(3s);
    CHECK(node.connection.on("leat/v1/n/state").size() == 1);
    const auto healed = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    CHECK(healed.value().faults.empty());
}

TEST_CASE("a message that the broker refuses is in the status, once, until one is taken") {
    Node node;
    node.connection.connect();
    node.run(1s);
    node.connection.published.clear();
    node.connection.refusals = {{"leat/v1/n/state", 0x95}, {"leat/v1/n/data", 0x87}};
    node.run(20s);
    REQUIRE(node.connection.on("leat/v1/n/status").size() == 1);
    const auto refused = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(refused);
    CHECK(refused.value().alarms ==
          std::vector<std::string>{
              "data: the broker refuses it, not authorized (0x87): check its access rules",
              "state: the broker refuses it, packet too large (0x95): raise its limit, or send "
              "fewer series"});
    const auto& counters = refused.value().counters;
    const auto counted = std::find_if(counters.begin(), counters.end(), [](const auto& counter) {
        return counter.first == "leat_agent_messages_refused_total";
    });
    REQUIRE(counted != counters.end());
    CHECK(counted->second == 2);

    // A batch that is too large is sent again in smaller ones: nothing is wrong.
    node.connection.published.clear();
    node.connection.refusals = {{"leat/v1/n/data", 0x95}};
    node.run(1s);
    REQUIRE(node.connection.on("leat/v1/n/status").size() == 1);
    const auto taken = wire::decode_status(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(taken);
    CHECK(taken.value().alarms.empty());
}

TEST_CASE("more series than the centre accepts are in the status and, once, in the log") {
    for (const std::size_t series : {64U, 65U}) {
        const support::CapturedLog log;
        Node node;
        node.connection.connect();
        node.run(1s);
        for (std::size_t i = 1; i < series; ++i) {
            node.add_quantities(1);
            node.run(100ms);
        }
        node.run(1s);
        const auto faults =
            wire::decode_status(node.connection.on("leat/v1/n/status").back().payload)
                .value()
                .faults;
        CHECK(log.lines("more series than the centre accepts by default") == series - 64);
        if (series == 64) CHECK(faults.empty());
        if (series == 65) {
            CHECK(faults ==
                  std::vector<std::string>{"series: 65, and the centre accepts 64 by default"});
        }
    }
}

TEST_CASE("a count that rises with every reading publishes no status by itself") {
    Node node(100ms, true);
    node.connection.connect();
    // The file is never read to its end: there is always more.
    for (int i = 0; i < 30; ++i) node.say_all();
    node.run(2s, 100ms);
    wire::Ack ack;
    ack.incarnation = node.outbox.extent().incarnation;
    ack.durable = {.seq = node.outbox.extent().head + 7, .hash = {}};  // Of its last life.
    node.connection.inbox.push_back({.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack)});
    node.connection.published.clear();
    const auto statuses = [&] { return node.connection.on("leat/v1/n/status"); };
    const auto replay = [&](base::Duration time) {
        for (base::Duration passed{0}; passed < time; passed += 100ms) {
            node.say_all();
            node.run(100ms, 100ms);
        }
    };
    replay(5s);
    REQUIRE_FALSE(statuses().empty());
    const auto told = wire::decode_status(statuses().back().payload);
    REQUIRE(told);
    REQUIRE(told.value().alarms.size() == 2);
    CHECK(told.value().alarms[1].starts_with("restored outbox: "));
    node.connection.published.clear();
    replay(60s);
    CHECK(statuses().size() == 2);
    const auto later = wire::decode_status(statuses().back().payload);
    REQUIRE(later);
    CHECK(later.value().alarms.back() != told.value().alarms.back());  // Its own count goes on.
}

TEST_CASE("series that go on coming above the limit publish no status each") {
    Node node;
    node.connection.connect();
    node.run(1s);
    node.add_quantities(63);
    node.run(5s);
    node.connection.published.clear();
    for (int i = 0; i < 100; ++i) {
        node.add_quantities(1);
        node.run(100ms);
    }
    CHECK(node.connection.on("leat/v1/n/status").size() == 1);
}

TEST_CASE("what comes and goes in every tick publishes a status every two seconds at most") {
    Node node;
    node.connection.connect();
    node.script->answer = 1;
    node.run(5s);
    node.connection.published.clear();
    for (int i = 0; i < 100; ++i) {
        node.connection.refusals.clear();
        if (i % 2 == 0) node.connection.refusals = {{"leat/v1/n/data", 0x87}};
        node.run(100ms);
    }
    const auto statuses = node.connection.on("leat/v1/n/status").size();
    CHECK(statuses >= 2);
    CHECK(statuses <= 6);
}

TEST_CASE("state holds the newest readings, retained, at most every two seconds, only when new") {
    Node node;
    node.connection.connect();
    node.run(3s);
    CHECK(node.connection.on("leat/v1/n/state").empty());
    node.script->answer = 0.25;
    node.run(20s);
    const auto published = node.connection.on("leat/v1/n/state").size();
    CHECK(published >= 9);
    CHECK(published <= 11);
    CHECK(node.connection.on("leat/v1/n/state").back().retain);
    CHECK(node.connection.on("leat/v1/n/state")
              .back()
              .payload.starts_with(R"({"a.value":{"value":0.25,"unit":"/","t":)"));
    node.script->answer.reset();
    node.run(3s);
    node.connection.published.clear();
    node.run(20s);
    CHECK(node.connection.on("leat/v1/n/state").empty());
}

TEST_CASE("the status shows what was refused, failed or dropped, and nothing that is 0") {
    Node node;
    node.connection.connect();
    node.run(1s);
    CHECK(node.agent.status(wire::NodeState::ready).counters.empty());
    node.script->harvests.emplace_back();
    node.script->harvests.back().failures.push_back(
        {.reason = "no answer", .taken = node.clock.instant()});
    node.run(1s);
    const auto counters = node.agent.status(wire::NodeState::ready).counters;
    REQUIRE(counters.size() == 1);
    CHECK(counters[0].first == "leat_agent_faults_total");
    CHECK(counters[0].second == 1);
}
