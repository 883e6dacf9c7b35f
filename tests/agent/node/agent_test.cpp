// Goal: the tick as a whole: what is read is committed, sent, and deleted only when it may be.
// Method: a scripted sensor, a connection that the test controls, an outbox that can be made to
// fail.

#include "agent/node/agent.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent/node/fake_connection.hpp"
#include "agent/outbox/memory_outbox.hpp"
#include "agent/sampling/scripted_driver.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::FakeConnection;
using agent_test::Script;
using agent_test::ScriptedDriver;

struct SyncedWatch final : agent::ClockWatch {
    wire::ClockState state() const override { return wire::ClockState::synced; }
};

/// A disk that can be made to refuse.
struct FailingOutbox final : agent::Outbox {
    base::Status append(const agent::Flush& flush) override {
        last_settled = flush.settled;
        if (fails) {
            ++failures;
            return base::Error{base::Fault::transient, "no disk"};
        }
        return memory.append(flush);
    }
    base::Result<std::vector<agent::StoredRecord>> read(std::uint64_t after,
                                                        std::size_t records_max,
                                                        std::size_t bytes_max) const override {
        return memory.read(after, records_max, bytes_max);
    }
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override {
        return memory.hash_at(seq);
    }
    base::Status reserve(std::uint64_t upto) override { return memory.reserve(upto); }
    base::Status fork(std::uint64_t stored_upto) override { return memory.fork(stored_upto); }
    agent::Extent extent() const override { return memory.extent(); }
    std::uint64_t bytes_after(std::uint64_t seq) const override { return memory.bytes_after(seq); }
    std::optional<std::string> position(const std::string& sensor) const override {
        return memory.position(sensor);
    }

    agent::MemoryOutbox memory{{.node = "n", .quota = 100'000}};
    bool fails = false;
    int failures = 0;
    std::uint64_t last_settled = 0;
};

struct Node {
    explicit Node(base::Duration period = 100ms, bool waits = false, bool urgent = false)
        : script(std::make_shared<Script>()),
          sampler({}, sensors(script, period, waits, urgent), clock, watch, counters),
          agent(options(), clock, outbox, connection, sampler, watch, counters, 1) {}

    static std::vector<agent::Sensor> sensors(const std::shared_ptr<Script>& script,
                                              base::Duration period, bool waits, bool urgent) {
        script->waits = waits;
        script->quantities.front().urgent = urgent;
        std::vector<agent::Sensor> result;
        result.push_back({.name = "a",
                          .kind = "scripted",
                          .period = period,
                          .driver = std::make_unique<ScriptedDriver>(script)});
        return result;
    }
    static agent::AgentOptions options() {
        agent::AgentOptions options;
        options.node = "n";
        options.version = "1";
        return options;
    }

    void run(base::Duration time, base::Duration step = 20ms) {
        for (base::Duration passed{0}; passed < time; passed += step) {
            clock.advance(step);
            agent.tick(clock.instant());
        }
    }

    /// Every reading committed so far, in order, from the record lines.
    std::vector<double> committed() const {
        std::vector<double> values;
        const auto records = outbox.read(0, 1'000'000, 1'000'000'000);
        for (const auto& stored : records.value()) {
            const auto record = wire::decode_record(stored.line);
            REQUIRE(record);
            const auto* data = std::get_if<wire::Data>(&record.value().body);
            if (data == nullptr) continue;
            const auto& raw = std::get<wire::RawColumn>(data->columns.at(0).points);
            values.insert(values.end(), raw.values.begin(), raw.values.end());
        }
        return values;
    }

    wire::Mark mark(std::uint64_t seq) const {
        return {.seq = seq, .hash = *outbox.hash_at(seq).value()};
    }

    /// Everything is durable, and this much is applied.
    void acknowledge(std::uint64_t applied) {
        wire::Ack ack;
        ack.incarnation = outbox.extent().incarnation;
        ack.durable = mark(outbox.extent().head);
        ack.applied = mark(applied);
        ack.expected = ack.durable.seq + 1;
        connection.inbox.push_back(
            {.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack), .retained = false});
    }

    support::ManualClock clock;
    SyncedWatch watch;
    base::Counters counters;
    FailingOutbox outbox;
    FakeConnection connection;
    std::shared_ptr<Script> script;
    agent::Sampler sampler;
    agent::Agent agent;
};

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
