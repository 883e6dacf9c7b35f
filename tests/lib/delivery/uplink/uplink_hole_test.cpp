// Goal: the hole that thinning left between two records is crossed exactly once, and declared.
// Method: the outbox in memory is filled until it thins, in an outage; the test plays the bridge.

#include "lib/delivery/uplink/uplink_node.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Batches;
using agent_test::Node;
using agent_test::Sent;
using wire::Answer;

/// A node that had sent 128 records, 64 of them answered, when the connection broke for so long
/// that the outbox thinned what it had not sent.
struct ThinnedNode : Node {
    ThinnedNode() {
        while (outbox.extent().head < 200) append_readings();
        stream_from(0);
        step();
        REQUIRE(sent() == Batches{{1, 64, 1}, {65, 64, 1}});
        hear(ack(Answer::ok, 64));
        connection.disconnect();
        step();
        for (int i = 0; i < 20'000 && !outbox.extent().hole; ++i) append_readings();
        REQUIRE(outbox.extent().hole);
        for (int i = 0; i < 100; ++i) append_readings();
        REQUIRE(outbox.extent().hole->after == 128);
        resumed = outbox.extent().hole->upto + 1;
    }

    /// A minute of readings a second.
    void append_readings() {
        wire::RawColumn column;
        const auto start = ++minutes * 60'000;
        for (std::int64_t i = 0; i < 60; ++i) {
            column.dt_ms.push_back(i * 1000);
            column.values.push_back(static_cast<double>(i * minutes % 17));
        }
        const wire::Data data{.at = base::from_milliseconds(start),
                              .clock = wire::ClockState::synced,
                              .boot = {},
                              .columns = {{.series = "a.b", .points = column}}};
        REQUIRE(outbox.append(
            {.lines = {wire::encode_record({.body = data, .origin = {}})},
             .contents = {{.readings = 60, .first_ms = start, .last_ms = start + 59'000}},
             .positions = {},
             .settled = uplink.settled()}));
    }

    std::int64_t minutes = 0;
    std::uint64_t resumed = 0;
};

}  // namespace

TEST_CASE("a hole is crossed by a batch that names it, once everything before it is answered") {
    ThinnedNode node;
    node.stream_from(64);
    node.step();
    CHECK(node.sent() == Batches{{65, 64, 1}});  // There is room for another batch in the window.
    node.hear(node.ack(Answer::ok, 128));
    node.step();
    const auto sent = node.sent();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].base == node.resumed);
    CHECK(sent[0].after == 128);
    CHECK(sent[1].base == sent[0].base + sent[0].count);
    CHECK_FALSE(sent[1].after);
    // Sent again it says the same.
    node.step(60s);
    CHECK(node.sent() == Batches{sent[0]});
    node.hear(node.ack(Answer::ok, sent[0].base + sent[0].count - 1));
    CHECK(node.uplink.durable() == sent[0].base + sent[0].count - 1);
}

TEST_CASE(
    "a centre that has everything before the hole, or asks for a number in it, gets what is "
    "beyond") {
    for (const bool asks : {false, true}) {
        ThinnedNode node;
        node.stream_from(128);
        if (asks) {
            auto ack = node.ack(Answer::gap, 128);
            ack.expected = node.resumed - 3;
            node.hear(ack);
        }
        node.step();
        const auto sent = node.sent();
        REQUIRE(sent.size() == 2);
        CHECK(sent[0].base == node.resumed);
        CHECK(sent[0].after == 128);
    }
}

TEST_CASE("a centre that knows nothing gets what is left, from the lowest record on") {
    ThinnedNode node;
    node.stream_from(0);
    node.step();
    CHECK(node.sent() == Batches{{1, 64, 1}, {65, 64, 1}});
}

TEST_CASE("a hole that is answered as stored is a place to go on from") {
    ThinnedNode node;
    node.stream_from(node.resumed - 1);  // The gap was declared, the batch was not stored.
    CHECK(node.uplink.durable() == node.resumed - 1);
    node.step();
    CHECK(node.sent().front().base == node.resumed);
}

TEST_CASE("once everything before the hole is settled, batches no longer name it") {
    ThinnedNode node;
    node.stream_from(64);
    node.hear(node.ack(Answer::ok, 128, 128));
    node.append_readings();  // Deletes what is settled.
    CHECK_FALSE(node.outbox.extent().hole);
    node.step();
    const auto sent = node.sent();
    REQUIRE_FALSE(sent.empty());
    CHECK(sent.back().lowest == node.outbox.extent().lowest);
    CHECK_FALSE(sent.back().after);
}

TEST_CASE("what is sent is reserved first: it is never thinned afterwards") {
    ThinnedNode node;
    node.stream_from(128);
    node.step();
    const auto sent = node.sent();
    REQUIRE(sent.size() == 2);
    const auto last = sent[1].base + sent[1].count - 1;
    const auto before = node.outbox.read(node.resumed - 1, last - node.resumed + 1, 10'000'000);
    node.connection.disconnect();
    for (int i = 0; i < 3000; ++i) node.append_readings();
    for (const auto& record : before.value()) {
        const auto now = node.outbox.read(record.seq - 1, 1, 1);
        if (record.seq < node.outbox.extent().lowest) continue;  // Evicted, and declared.
        CHECK(now.value().front().line == record.line);
    }
    CHECK(node.outbox.extent().thinned > 0);
}
