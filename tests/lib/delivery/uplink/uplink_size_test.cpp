// Goal: a broker that carries only small messages gets small batches, and nothing stalls.
// Method: the test plays a broker that says its limit, refuses or drops what is larger, and a
// bridge that answers what arrives.

#include "lib/delivery/uplink/uplink_node.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Batches;
using agent_test::Node;
using wire::Answer;

constexpr std::size_t kSmall = 10'000;

/// A node whose bridge stores what arrives, and answers at once.
struct AnsweredNode : Node {
    AnsweredNode(std::size_t records, std::size_t bytes) { append(records, bytes); }

    /// Ticks until everything is durable; returns how long that took, or nothing after `patience`.
    std::optional<base::Duration> deliver(base::Duration patience) {
        const auto begin = clock.instant();
        while (uplink.durable() < outbox.extent().head) {
            if (clock.instant() - begin > patience) return std::nullopt;
            step(100ms);
            for (const auto& batch : sent()) answer(batch);
        }
        return clock.instant() - begin;
    }

    void answer(const agent_test::Sent& batch) {
        largest = std::max<std::size_t>(largest, batch.count);
        if (batch.base == stored + 1) {
            stored += batch.count;
            return hear(ack(Answer::ok, stored));
        }
        hear(ack(batch.base > stored ? Answer::gap : Answer::dup, stored));
    }

    std::uint64_t stored = 0;
    std::size_t largest = 0;  // Records in one batch.
};

}  // namespace

TEST_CASE("a limit that the broker says at the connect is kept from the first batch on") {
    AnsweredNode node{40, 1000};
    node.connection.says_max = kSmall;
    node.connection.connect();
    CHECK(node.deliver(5s));
    CHECK(node.largest == 9);  // 9 records of about 1020 bytes, and the header.
    CHECK(node.counted("leat_agent_batches_too_large_total") == 0);
    CHECK(node.uplink.alarm().empty());
}

TEST_CASE("a batch that the broker refuses as too large is sent again at once, in smaller ones") {
    AnsweredNode node{200, 1000};
    node.connection.refuses_above = kSmall;
    node.connection.connect();
    CHECK(node.deliver(5s));
    CHECK(node.counted("leat_agent_batches_too_large_total") == 3);  // 64, 32, 16 KiB.
    CHECK(node.uplink.alarm().empty());
}

TEST_CASE("a broker that refuses by closing the connection gets smaller batches on the next one") {
    AnsweredNode node{200, 1000};
    node.connection.refuses_above = kSmall;
    node.connection.connect();
    for (int i = 0; i < 100; ++i) {
        node.step(100ms);
        for (const auto& batch : node.sent()) node.answer(batch);
        if (!node.connection.too_large) continue;
        node.connection.disconnect();
        node.step(100ms);
        node.connection.connect();
    }
    CHECK(node.uplink.durable() == 200);
    CHECK(node.counted("leat_agent_batches_too_large_total") == 3);
}

TEST_CASE("a broker that drops large batches in silence is found out while the centre answers") {
    AnsweredNode node{200, 1000};
    node.connection.drops_above = kSmall;
    node.connection.connect();
    const auto took = node.deliver(1min);
    REQUIRE(took);
    CHECK(*took < 40s);
    CHECK(node.counted("leat_agent_batches_too_large_total") == 3);
}

TEST_CASE("silence of the centre itself makes no batch smaller") {
    AnsweredNode node{64, 1000};
    node.stream_from(0);
    node.step();
    REQUIRE(node.sent() == Batches{{1, 64, 1}});
    for (int i = 0; i < 6000; ++i) {
        node.step(100ms);
        for (const auto& batch : node.sent()) CHECK((batch.count == 0 || batch.count == 64));
    }
    CHECK(node.counted("leat_agent_batches_too_large_total") == 0);
    CHECK(node.deliver(2min));
}

TEST_CASE("what was learnt is tried again every hour, and forgotten when the broker says more") {
    AnsweredNode node{200, 1000};
    node.connection.refuses_above = kSmall;
    node.connection.connect();
    REQUIRE(node.deliver(5s));
    node.connection.refuses_above = broker::kPayloadMax;
    const auto largest_now = [&] {
        node.largest = 0;
        node.append(100, 1000);
        REQUIRE(node.deliver(5s));
        return node.largest;
    };
    CHECK(largest_now() == 7);
    node.step(1h);
    CHECK(largest_now() == 14);
    node.step(1h);
    CHECK(largest_now() == 29);
    node.connection.disconnect();
    node.step();
    node.connection.says_max = 50'000;
    node.connection.connect();
    CHECK(largest_now() == 48);
    node.connection.disconnect();
    node.step();
    node.connection.says_max = broker::kPayloadMax;
    node.connection.connect();
    CHECK(largest_now() == 64);
}

TEST_CASE("a record that is too large alone is named, kept, and tried again every minute") {
    for (const bool says : {true, false}) {
        CAPTURE(says);
        AnsweredNode node{3, 100};
        (says ? node.connection.says_max : node.connection.refuses_above) = kSmall;
        node.append(1, 12'000);
        node.append(3, 100);
        node.connection.connect();
        CHECK_FALSE(node.deliver(30s));
        CHECK(node.stored == 3);
        CHECK(node.uplink.alarm().starts_with(
            "record 4 cannot be sent: the broker does not accept a message of its size (121"));
        CHECK(node.outbox.extent().head == 7);
        node.connection.says_max = node.connection.refuses_above = broker::kPayloadMax;
        const auto took = node.deliver(2min);
        REQUIRE(took);
        CHECK(*took > 20s);
        CHECK(node.uplink.alarm().empty());
    }
}

TEST_CASE("a record that a broker drops in silence is named, and never given up") {
    AnsweredNode node{3, 100};
    node.append(1, 12'000);
    node.connection.drops_above = kSmall;
    node.connection.connect();
    CHECK_FALSE(node.deliver(2min));
    CHECK(node.uplink.alarm().starts_with(
        "record 4 cannot be sent: it does not arrive, although the centre answers (121"));
    node.connection.drops_above = broker::kPayloadMax;
    CHECK(node.deliver(2min));
    CHECK(node.uplink.alarm().empty());
}

TEST_CASE("a refusal of another message, or of a batch larger than those now, changes little") {
    AnsweredNode node{200, 1000};
    node.connection.connect();
    node.step();
    node.connection.too_large = 20'000;
    node.step();
    node.connection.too_large = 20'000;  // Of the second batch, on its way already.
    node.step();
    CHECK(node.counted("leat_agent_batches_too_large_total") == 1);
    CHECK(node.deliver(5s));
}
