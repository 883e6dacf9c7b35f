// Goal: what the node's side of the delivery protocol sends and when (docs/delivery.md).
// Method: the test plays the bridge and writes every acknowledgement itself.

#include "lib/delivery/uplink/uplink_node.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Batches;
using agent_test::Node;
using agent_test::Sent;
using wire::Answer;

}  // namespace

TEST_CASE("nothing is sent without a connection, and a probe comes first with one") {
    Node node;
    node.append(3);
    node.step();
    CHECK(node.sent().empty());
    node.connection.connect();
    node.step();
    CHECK(node.sent() == Batches{{4, 0, 1}});
    node.step(1s);
    CHECK(node.sent().empty());  // No data before the bridge has said where it stands.
    node.hear(node.ack(Answer::gap, 1));
    node.step();
    CHECK(node.sent() == Batches{{2, 2, 1}});
}

TEST_CASE("a centre that is back is soon asked what it has applied, and later rarely") {
    Node node;
    node.append(3);
    node.stream_from(0);
    node.step();
    REQUIRE(node.sent().size() == 1);
    node.hear(node.ack(Answer::ok, 3, 0));
    std::vector<int> probes;
    for (int second = 1; second <= 100; ++second) {
        node.step(1s);
        for (const auto& sent : node.sent()) {
            CHECK(sent.count == 0);
            probes.push_back(second);
        }
    }
    CHECK(probes == std::vector<int>{2, 6, 14, 30, 60, 90});
    node.hear(node.ack(Answer::dup, 3, 3));
    node.step(100s);
    CHECK(node.sent().empty());

    // While it is there, its answers to later batches say it in good time.
    node.append(1);
    node.step();
    REQUIRE(node.sent().size() == 1);
    node.hear(node.ack(Answer::ok, 4, 3));
    node.step(29s);
    CHECK(node.sent().empty());
    node.step(1s);
    CHECK(node.sent().size() == 1);
}

TEST_CASE("an unanswered probe is repeated, ever more rarely, at most every minute") {
    Node node;
    node.append(1);
    node.connection.connect();
    std::vector<std::int64_t> times;
    for (int i = 0; i < 6'000; ++i) {
        node.step(100ms);
        if (!node.sent().empty()) times.push_back(i);
    }
    REQUIRE(times.size() > 9);
    CHECK(times[1] - times[0] == 20);  // Two seconds.
    for (std::size_t i = 1; i < times.size(); ++i) {
        CHECK(times[i] - times[i - 1] >= 20);
        CHECK(times[i] - times[i - 1] <= 601);
    }
    CHECK(times.size() < 40);
}

TEST_CASE("at most two batches are on their way, in order, within the limits of a batch") {
    Node node;
    node.append(200);
    node.stream_from(0);
    node.step();
    CHECK(node.sent() == Batches{{1, 64, 1}, {65, 64, 1}});
    node.step(100ms);
    CHECK(node.sent().empty());
    node.hear(node.ack(Answer::ok, 64));
    node.step();
    CHECK(node.sent() == Batches{{129, 64, 1}});
    node.hear(node.ack(Answer::ok, 192));
    node.step();
    CHECK(node.sent() == Batches{{193, 8, 1}});
    node.hear(node.ack(Answer::ok, 200, 100));
    CHECK(node.uplink.durable() == 200);
    CHECK(node.uplink.applied() == 100);
}

TEST_CASE("large records make a batch of fewer records, never of more bytes") {
    Node node;
    node.append(9, 15'000);
    node.stream_from(0);
    node.step();
    const auto sent = node.sent();  // Checks the bytes.
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].count == 4);
    CHECK(sent[1] == Sent{5, 4, 1});
}

TEST_CASE("a time-out sends the oldest batch again, and only that") {
    Node node;
    node.append(128);
    node.stream_from(0);
    node.step();
    node.sent();
    node.step(1999ms);
    CHECK(node.sent().empty());
    node.step(1ms);
    CHECK(node.sent() == Batches{{1, 64, 1}});
    node.step(1999ms);
    CHECK(node.sent().empty());
    CHECK(node.counted("leat_agent_batches_resent_total") == 1);
    node.hear(node.ack(Answer::ok, 128));
    node.step(1h);
    for (const auto& batch : node.sent()) CHECK(batch.count == 0);
}

TEST_CASE("the time-out follows the round trips, but never those of a retransmission") {
    delivery::Retransmission timer({}, 1);
    CHECK(timer.next_wait() == 2s);
    timer.add_round_trip(1s);  // srtt 1 s, rttvar 0.5 s.
    CHECK(timer.next_wait() == 3s);
    timer.back_off();
    for (int i = 0; i < 100; ++i) {
        const auto wait = timer.next_wait();
        CHECK(wait >= 3s);
        CHECK(wait <= 6s);
    }
    for (int i = 0; i < 20; ++i) timer.back_off();
    for (int i = 0; i < 100; ++i) CHECK(timer.next_wait() <= 60s);
    timer.reset_back_off();
    CHECK(timer.next_wait() == 3s);

    Node node;  // Karn: the answer to what was sent twice measures nothing.
    node.append(1);
    node.stream_from(0);
    node.step();
    node.step(2s);
    node.step(1900ms);
    node.sent();
    node.hear(node.ack(Answer::ok, 1));
    node.append(1);
    node.step();
    CHECK(node.sent() == Batches{{2, 1, 1}});
    node.step(2s);
    CHECK(node.sent() == Batches{{2, 1, 1}});
}

TEST_CASE("a gap answer makes it go back, once for one loss") {
    Node node;
    node.append(256);
    node.stream_from(0);
    node.step();
    node.hear(node.ack(Answer::ok, 64));
    node.step();
    node.sent();
    // The second batch was lost: the third one is refused.
    node.hear(node.ack(Answer::gap, 64));
    node.step();
    CHECK(node.sent() == Batches{{65, 64, 1}, {129, 64, 1}});
    node.hear(node.ack(Answer::gap, 64));  // The same loss, reported twice.
    node.step();
    CHECK(node.sent().empty());
    node.step(1s);
    node.hear(node.ack(Answer::gap, 64));  // It was lost again.
    node.step();
    CHECK(node.sent() == Batches{{65, 64, 1}, {129, 64, 1}});
}

TEST_CASE("busy makes it wait as long as the centre asks, with jitter, and then go on from there") {
    Node node;
    node.append(128);
    node.stream_from(0);
    node.step();
    node.sent();
    auto ack = node.ack(Answer::busy, 0);
    ack.retry_after = 10s;
    node.hear(ack);
    node.step(9999ms);
    CHECK(node.sent().empty());
    node.step(5001ms);
    CHECK(node.sent() == Batches{{1, 64, 1}, {65, 64, 1}});
}

TEST_CASE("a rejection makes it wait an hour, say so, and keep everything") {
    Node node;
    node.append(10);
    node.stream_from(0);
    node.step();
    node.sent();
    auto ack = node.ack(Answer::reject, 0);
    ack.reason = "too many incarnations";
    node.hear(ack);
    CHECK(node.uplink.alarm() == "rejected: too many incarnations");
    node.step(59min);
    CHECK(node.sent().empty());
    CHECK(node.uplink.settled() == 0);
    node.step(1min);
    CHECK(node.sent() == Batches{{1, 10, 1}});
    node.hear(node.ack(Answer::ok, 10));
    CHECK(node.uplink.alarm().empty());
}

TEST_CASE("after a new connection it asks where the other side stands") {
    Node node;
    node.append(10);
    node.stream_from(0);
    node.step();
    node.sent();
    node.connection.disconnect();
    node.step(1s);
    node.connection.connect();
    node.step(1s);
    CHECK(node.sent() == Batches{{11, 0, 1}});
    // The batch had arrived, only its answer was lost.
    node.hear(node.ack(Answer::dup, 10));
    node.step();
    CHECK(node.sent().empty());
}

TEST_CASE("records evicted while they were on their way are not sent for, and lo says so") {
    Node node({}, 200'000, false);
    node.append(20, 8000);
    node.stream_from(0);
    node.step();
    node.sent();
    node.append(60, 8000);  // The first twenty are gone.
    const auto lowest = node.outbox.extent().lowest;
    REQUIRE(lowest > 20);
    node.step(2s);
    node.step();
    const auto sent = node.sent();
    REQUIRE(!sent.empty());
    CHECK(sent[0].base == lowest);
    CHECK(sent[0].lowest == lowest);
}

TEST_CASE("what the connection refuses is offered again") {
    Node node;
    node.append(10);
    node.stream_from(0);
    node.connection.refuses = true;
    node.step();
    CHECK(node.sent().empty());
    node.connection.refuses = false;
    node.step();
    CHECK(node.sent() == Batches{{1, 10, 1}});
}

TEST_CASE("data leaves with QoS 1, an expiry of a minute, and is not retained") {
    Node node;
    node.append(1);
    node.stream_from(0);
    node.step();
    REQUIRE(node.connection.published.size() == 1);
    const auto& message = node.connection.published[0];
    CHECK(message.topic == "leat/v1/n/data");
    CHECK(message.qos == 1);
    CHECK_FALSE(message.retain);
    CHECK(message.expiry == 60s);
}
