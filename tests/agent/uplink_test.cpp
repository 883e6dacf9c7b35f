// Goal: the node's side of the delivery protocol, rule by rule (docs/delivery.md).
// Method: a real outbox in memory, a connection that does as told, a clock that stands still; the
// test plays the bridge and writes every acknowledgement itself.

#include "agent/uplink.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent/memory_outbox.hpp"
#include "fake_connection.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"
#include "wire/limits.hpp"

namespace {

using namespace std::chrono_literals;
using agent::MemoryOutbox;
using agent::Uplink;
using wire::Ack;
using wire::Answer;

struct Sent {
    std::uint64_t base = 0;
    std::uint32_t count = 0;
    std::uint64_t lowest = 0;
    bool operator==(const Sent&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Sent& sent) {
    return out << "base " << sent.base << " n " << sent.count << " lo " << sent.lowest;
}

struct Node {
    explicit Node(agent::UplinkOptions options = {}, std::uint64_t quota = 1 << 20)
        : outbox({.node = "n",
                  .quota = quota,
                  .new_incarnation = [last = std::uint64_t{0}]() mutable { return ++last; }}),
          uplink(with_topic(options), outbox, connection, clock, counters, 1) {}

    static agent::UplinkOptions with_topic(agent::UplinkOptions options) {
        options.node = "n";
        options.data_topic = "leat/v1/n/data";
        return options;
    }

    /// Appends records of which one batch takes one only, when `bytes` says so.
    void append(std::uint64_t count, std::size_t bytes = 20) {
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto number = outbox.extent().head + 1;
            auto line = fmt::format(R"({{"n":{},"x":"{}"}})", number, std::string(bytes, 'x'));
            REQUIRE(outbox.append({.lines = {line},
                                   .contents = {{.readings = 1, .first_ms = 1, .last_ms = 1}},
                                   .positions = {},
                                   .settled = uplink.settled()}));
        }
    }

    void step(base::Duration after = 0ms) {
        clock.advance(after);
        uplink.tick(clock.instant());
    }

    /// What was sent since the last call.
    std::vector<Sent> sent() {
        std::vector<Sent> result;
        for (const auto& message : connection.published) {
            REQUIRE(message.payload.size() <= wire::kBatchBytesMax);
            const auto batch = wire::decode_batch(message.payload);
            REQUIRE(batch);
            const auto& header = batch.value().header;
            CHECK(header.incarnation == outbox.extent().incarnation);
            CHECK(header.before == outbox.hash_at(header.base - 1).value());
            result.push_back({header.base, header.count, header.lowest});
        }
        connection.published.clear();
        return result;
    }

    wire::Mark mark(std::uint64_t seq) const {
        const auto hash = outbox.hash_at(seq).value();
        return {.seq = seq, .hash = hash.value_or(wire::ChainHash{})};
    }

    Ack ack(Answer answer, std::uint64_t durable, std::optional<std::uint64_t> applied = {}) const {
        Ack ack;
        ack.incarnation = outbox.extent().incarnation;
        ack.answer = answer;
        ack.durable = mark(durable);
        if (applied) ack.applied = mark(*applied);
        ack.expected = durable + 1;
        ack.now = clock.event_time();
        return ack;
    }

    void hear(const Ack& ack) { uplink.on_ack(wire::encode_ack(ack), clock.instant()); }

    /// Connected, resumed at what the bridge says it has, and quiet.
    void stream_from(std::uint64_t durable) {
        connection.connect();
        step();
        sent();
        hear(ack(durable == outbox.extent().head ? Answer::dup : Answer::gap, durable));
    }

    double counted(const std::string& name, const std::vector<base::Label>& labels = {}) const {
        return counters.value(name, labels);
    }

    support::ManualClock clock;
    MemoryOutbox outbox;
    agent_test::FakeConnection connection;
    base::Counters counters;
    Uplink uplink;
};

/// Two records fill a batch.
constexpr std::size_t kBig = 30'000 / 2;

using Batches = std::vector<Sent>;

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
    node.append(9, kBig);
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
    agent::Retransmission timer({}, 1);
    CHECK(timer.next_wait() == 2s);
    timer.measured(1s);  // srtt 1 s, rttvar 0.5 s.
    CHECK(timer.next_wait() == 3s);
    timer.timed_out();
    for (int i = 0; i < 100; ++i) {
        const auto wait = timer.next_wait();
        CHECK(wait >= 3s);
        CHECK(wait <= 6s);
    }
    for (int i = 0; i < 20; ++i) timer.timed_out();
    for (int i = 0; i < 100; ++i) CHECK(timer.next_wait() <= 60s);
    timer.progress();
    CHECK(timer.next_wait() == 3s);

    Node node;  // Karn: the answer to what was sent twice measures nothing.
    node.append(1);
    node.stream_from(0);
    node.step();
    node.step(2s);
    node.step(50s);
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
    node.hear(node.ack(Answer::gap, 64));  // The same loss, told a second time.
    node.step();
    CHECK(node.sent().empty());
    node.step(1s);
    node.hear(node.ack(Answer::gap, 64));  // It was lost again.
    node.step();
    CHECK(node.sent() == Batches{{65, 64, 1}, {129, 64, 1}});
}

TEST_CASE("a gap below what is stored is answered from the lowest record, with its lo") {
    Node node;
    node.append(100, 8000);
    node.stream_from(0);
    node.step();
    node.hear(node.ack(Answer::ok, 100, 100));
    node.sent();
    node.append(100, 8000);
    const auto lowest = node.outbox.extent().lowest;
    REQUIRE(lowest > 1);
    node.step();
    node.sent();
    node.step(1s);
    // Redis was emptied: the bridge knows nothing of this node. h(0) is no longer stored here.
    auto ack = node.ack(Answer::gap, 0);
    ack.durable.hash = wire::Chain{}.start("n", ack.incarnation);
    node.hear(ack);
    node.step();
    const auto sent = node.sent();
    REQUIRE(!sent.empty());
    CHECK(sent[0].base == lowest);
    CHECK(sent[0].lowest == lowest);
    CHECK(node.uplink.durable() == 100);  // Marks do not fall.
    CHECK(node.uplink.applied() == 100);
    CHECK(node.counted("leat_agent_forks_total") == 0);
}

TEST_CASE("busy makes it wait as long as it was told, with jitter, and then go on from there") {
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

TEST_CASE("it asks every half minute while something is not applied, and then falls silent") {
    Node node;
    node.append(5);
    node.stream_from(0);
    node.step();
    node.hear(node.ack(Answer::ok, 5, 2));
    node.sent();
    node.step(29s);
    CHECK(node.sent().empty());
    node.step(1s);
    CHECK(node.sent() == Batches{{6, 0, 1}});
    node.hear(node.ack(Answer::dup, 5, 5));
    node.step(1h);
    CHECK(node.sent().empty());
    node.append(1);
    node.step();
    CHECK(node.sent() == Batches{{6, 1, 1}});
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

TEST_CASE("marks never fall, never pass the head, and are believed by hash only") {
    Node node;
    node.append(100);
    node.stream_from(0);
    node.step();
    node.hear(node.ack(Answer::ok, 64, 40));
    node.hear(node.ack(Answer::ok, 30, 20));  // Overtaken on the way.
    CHECK(node.uplink.durable() == 64);
    CHECK(node.uplink.applied() == 40);
    auto stranger = node.ack(Answer::ok, 100, 100);
    stranger.incarnation = {999};
    node.hear(stranger);
    node.uplink.on_ack("{}", node.clock.instant());
    node.uplink.on_ack(std::string(5000, '['), node.clock.instant());
    CHECK(node.uplink.durable() == 64);
    CHECK(node.uplink.applied() == 40);
    CHECK(node.counted("leat_agent_acks_ignored_total", {{"reason", "incarnation"}}) == 1);
    CHECK(node.counted("leat_agent_acks_ignored_total", {{"reason", "malformed"}}) == 2);
    CHECK(node.counted("leat_agent_forks_total") == 0);
}

TEST_CASE("only what is applied may be deleted, or what is durable when so configured") {
    for (const auto permission : {agent::Permission::applied, agent::Permission::durable}) {
        Node node({.node = {}, .data_topic = {}, .permission = permission});
        node.append(10);
        node.stream_from(0);
        node.step();
        node.hear(node.ack(Answer::ok, 10, 4));
        CHECK(node.uplink.settled() == (permission == agent::Permission::applied ? 4 : 10));
        node.append(400, 8000);  // Needs room.
        const auto gone_unsettled = node.outbox.extent().evicted;
        CHECK(gone_unsettled > 0);  // And beyond the settled ones everything is declared.
    }
}

TEST_CASE("a mark with another hash forks: what is proven stays stored, the rest is sent anew") {
    Node node;
    node.append(100);
    node.stream_from(0);
    node.step();
    node.sent();
    auto ack = node.ack(Answer::fork, 80, 60);
    ack.durable.hash.bytes[0] ^= 1U;  // A cloned card has sent another record 80.
    node.hear(ack);
    CHECK(node.counted("leat_agent_forks_total") == 1);
    CHECK(node.outbox.extent().incarnation == wire::Incarnation{2});
    CHECK(node.outbox.extent().head == 40);  // 61 … 100.
    CHECK(node.uplink.durable() == 0);
    CHECK(node.uplink.applied() == 0);
    node.step();
    CHECK(node.sent() == Batches{{41, 0, 1}});
    node.hear(node.ack(Answer::gap, 0));
    node.step();
    CHECK(node.sent() == Batches{{1, 40, 1}});
}

TEST_CASE("a durable mark beyond the own head forks: the card was rolled back") {
    Node node;
    node.append(10);
    node.connection.connect();
    node.step();
    auto ack = node.ack(Answer::ok, 10);
    ack.durable = {.seq = 15, .hash = {}};
    ack.applied = node.mark(7);
    node.hear(ack);
    CHECK(node.outbox.extent().incarnation == wire::Incarnation{2});
    CHECK(node.outbox.extent().head == 3);
}

TEST_CASE("a fork answer whose mark agrees keeps exactly that prefix") {
    Node node;
    node.append(10);
    node.stream_from(0);
    node.hear(node.ack(Answer::fork, 6));
    CHECK(node.outbox.extent().head == 4);
}

TEST_CASE("forks do not come in storms") {
    Node node;
    node.append(10);
    node.stream_from(0);
    for (int i = 0; i < 50; ++i) {
        node.hear(node.ack(Answer::fork, 0));
        node.step(1s);
    }
    CHECK(node.counted("leat_agent_forks_total") == 1);
    node.step(1min);
    node.hear(node.ack(Answer::fork, 0));
    CHECK(node.counted("leat_agent_forks_total") == 2);
}

TEST_CASE("records evicted while they were on their way are not sent for, and lo says so") {
    Node node({}, 200'000);
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
