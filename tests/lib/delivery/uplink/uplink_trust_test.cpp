// Goal: which acknowledgements move a mark, and what happens when histories disagree.
// Method: the test plays a bridge that forgets, lies, or knows a clone of this node.

#include "lib/delivery/uplink/uplink_node.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Batches;
using agent_test::Node;
using wire::Answer;

}  // namespace

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
    for (const auto permission : {delivery::Permission::applied, delivery::Permission::durable}) {
        Node node({.node = {}, .data_topic = {}, .permission = permission});
        node.append(10);
        node.stream_from(0);
        node.step();
        node.hear(node.ack(Answer::ok, 10, 4));
        CHECK(node.uplink.settled() == (permission == delivery::Permission::applied ? 4 : 10));
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

TEST_CASE("after a fork nothing of the new incarnation is known to be stored anywhere") {
    Node node;
    node.append(100);
    node.stream_from(0);
    node.step();
    node.hear(node.ack(Answer::ok, 80, 60));
    REQUIRE(node.uplink.settled() == 60);
    auto ack = node.ack(Answer::fork, 90, 60);
    ack.durable.hash.bytes[0] ^= 1U;
    node.hear(ack);
    REQUIRE(node.outbox.extent().head == 40);
    CHECK(node.uplink.durable() == 0);
    CHECK(node.uplink.applied() == 0);
    CHECK(node.uplink.settled() == 0);  // Or the outbox would delete what nobody has.
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

/// Redis was emptied and the centre told it its mark again, while this card was restored from an
/// older copy: the centre has applied numbers that new records here would take.
TEST_CASE(
    "a sink that applied other records forks the node, though Redis agrees or knows nothing") {
    struct Case {
        const char* name;
        std::uint64_t durable;  // Agrees.
        std::uint64_t applied;  // Has another hash, or is beyond the head.
    };
    for (const auto& [name, durable, applied] :
         {Case{"d is 0, a differs", 0, 7}, Case{"d is 0, a is beyond the head", 0, 15},
          Case{"d agrees below a", 5, 7}, Case{"d agrees above a", 9, 7},
          Case{"d is the head, a is beyond it", 10, 15}}) {
        CAPTURE(name);
        Node node;
        node.append(10);
        node.connection.connect();
        node.step();
        node.sent();
        auto ack = node.ack(Answer::gap, durable);
        ack.applied = {.seq = applied, .hash = {}};
        node.hear(ack);
        CHECK(node.counted("leat_agent_forks_total") == 1);
        CHECK(node.outbox.extent().incarnation == wire::Incarnation{2});
        CHECK(node.outbox.extent().head == 10);  // All of them: the origins tell the centre apart.
        CHECK(node.uplink.applied() == 0);
        CHECK(node.uplink.alarm().starts_with("forked"));
        node.step();
        node.hear(node.ack(Answer::gap, 0));
        node.step();
        CHECK(node.sent().back() == agent_test::Sent{1, 10, 1});
        const auto records = node.outbox.read(0, 100, 100'000).value();
        for (const auto& record : records) {
            CHECK(record.line.find(R"("origin":{"inc":"0000000000000001","seq":)") !=
                  std::string::npos);
        }
    }
}

TEST_CASE("a fork answer whose mark agrees is not believed: it names no other history") {
    Node node;
    node.append(10);
    node.stream_from(0);
    const auto before = node.outbox.extent();
    for (int i = 0; i < 5; ++i) {
        node.hear(node.ack(Answer::fork, 6, 4));
        node.step(2min);
    }
    CHECK(node.outbox.extent().incarnation == before.incarnation);
    CHECK(node.outbox.extent().head == 10);
    CHECK(node.uplink.durable() == 0);
    CHECK(node.counted("leat_agent_forks_total") == 0);
    CHECK(node.counted("leat_agent_acks_ignored_total", {{"reason", "unfounded_fork"}}) == 5);
}

TEST_CASE("a fork answer with another hash at d keeps what an agreeing a proves") {
    Node node;
    node.append(10);
    node.stream_from(0);
    auto ack = node.ack(Answer::fork, 8, 6);
    ack.durable.hash.bytes[3] ^= 1U;
    node.hear(ack);
    CHECK(node.outbox.extent().head == 4);
}

TEST_CASE("a fork answer is believed when the own hash there is no longer known") {
    Node node;
    node.append(100, 8000);
    node.stream_from(0);
    node.hear(node.ack(Answer::ok, 100, 100));
    node.append(100, 8000);
    REQUIRE(node.outbox.extent().lowest > 2);
    auto ack = node.ack(Answer::ok, 0);
    ack.answer = Answer::fork;
    ack.durable = {.seq = 1, .hash = {}};
    node.hear(ack);
    CHECK(node.counted("leat_agent_forks_total") == 1);
}

TEST_CASE("forks are at least a minute apart") {
    Node node;
    node.append(10);
    node.stream_from(0);
    const auto another = [&] {
        auto ack = node.ack(Answer::fork, 0);
        ack.durable.hash.bytes[0] ^= 1U;
        return ack;
    };
    for (int i = 0; i < 50; ++i) {
        node.hear(another());
        node.step(1s);
    }
    CHECK(node.counted("leat_agent_forks_total") == 1);
    node.step(1min);
    node.hear(another());
    CHECK(node.counted("leat_agent_forks_total") == 2);
}
