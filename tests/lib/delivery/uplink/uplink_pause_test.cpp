// Goal: how long a node waits, what it says meanwhile, and what it counts.
// Method: as in uplink_test.cpp; the log is read where a person would read it.

#include <set>

#include "lib/delivery/uplink/uplink_node.hpp"
#include "support/captured_log.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Batches;
using agent_test::Node;
using wire::Answer;

constexpr base::Duration kStep = 50ms;

/// How long a node with this seed waits after it was told to.
base::Duration wait_after(base::Duration told, std::uint64_t seed) {
    Node node({}, 1 << 20, true, seed);
    node.append(10);
    node.stream_from(0);
    node.step();
    node.sent();
    auto ack = node.ack(Answer::busy, 0);
    ack.retry_after = told;
    node.hear(ack);
    base::Duration waited{0};
    while (node.sent().empty()) {
        node.step(kStep);
        waited += kStep;
        REQUIRE(waited < 2h);
    }
    return waited;
}

}  // namespace

TEST_CASE("nodes that a busy centre holds off come back at different times, half as long again") {
    std::set<base::Duration> different;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto waited = wait_after(10s, seed);
        CHECK(waited >= 10s);
        CHECK(waited <= 15s + kStep);
        different.insert(waited);
    }
    CHECK(different.size() > 20);
}

TEST_CASE("a busy centre cannot hold a node off for long, nor make it hurry") {
    CHECK(wait_after(24h, 1) >= 10min);
    CHECK(wait_after(24h, 1) <= 15min + kStep);
    CHECK(wait_after(0s, 1) >= 100ms);
    CHECK(wait_after(0s, 1) <= 150ms + kStep);
}

TEST_CASE("a centre that does not answer for a minute is in the log once, and so is its answer") {
    const support::CapturedLog log;
    Node node;
    node.append(3);
    node.connection.connect();
    const auto run = [&](base::Duration time) {
        for (base::Duration passed{0}; passed < time; passed += 500ms) node.step(500ms);
    };
    run(59s);
    CHECK(log.lines("the centre does not answer") == 0);
    run(30min);
    CHECK(log.lines("the centre does not answer") == 1);
    node.hear(node.ack(Answer::gap, 0));
    CHECK(log.lines("the centre answers") == 1);
    node.step();
    node.hear(node.ack(Answer::ok, 3, 3));
    CHECK(log.lines("the centre answers") == 1);
    run(1h);  // There is nothing to ask.
    CHECK(log.lines("the centre does not answer") == 1);
}

TEST_CASE("a minute without an answer is counted anew on every connection") {
    const support::CapturedLog log;
    Node node;
    node.append(3);
    for (int i = 0; i < 5; ++i) {
        node.connection.connect();
        for (int j = 0; j < 100; ++j) node.step(500ms);
        node.connection.disconnect();
        node.step(1min);
    }
    CHECK(log.lines("the centre does not answer") == 0);
}

TEST_CASE("going back is counted once for one loss") {
    Node node;
    node.append(128);
    node.stream_from(0);
    CHECK(node.counted("leat_agent_gaps_answered_total") == 1);  // The probe's answer.
    node.step(1s);
    node.hear(node.ack(Answer::gap, 64));
    node.hear(node.ack(Answer::gap, 64));
    CHECK(node.counted("leat_agent_gaps_answered_total") == 2);
    node.step(1s);
    node.hear(node.ack(Answer::gap, 64));
    CHECK(node.counted("leat_agent_gaps_answered_total") == 3);
}
