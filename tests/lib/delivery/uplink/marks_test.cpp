// Goal: what an acknowledgement proves. Method: an outbox in memory, acknowledgements written by
// the test, true and false.

#include "delivery/uplink/marks.hpp"

#include "lib/delivery/uplink/uplink_node.hpp"

namespace {

using agent_test::Node;
using delivery::Marks;
using wire::Answer;
using Verdict = Marks::Verdict;

/// A node with ten committed records.
struct Ten : Node {
    Ten() { append(10); }

    Marks::Judgement judge(const wire::Ack& ack) const {
        const auto judged = marks.judge(ack);
        REQUIRE(judged);
        return judged.value();
    }

    Marks marks{outbox};
};

}  // namespace

TEST_SUITE("agent/marks") {
    TEST_CASE("what our chain confirms is proven, mark by mark") {
        const Ten node;
        const auto both = node.judge(node.ack(Answer::ok, 8, 5));
        CHECK(both.verdict == Verdict::agrees);
        CHECK(both.proves_durable);
        CHECK(both.proves_applied);
        CHECK_FALSE(node.judge(node.ack(Answer::ok, 8)).proves_applied);
    }

    TEST_CASE("another hash, in either mark, is a fork, and so is a mark beyond the head") {
        const Ten node;
        auto durable = node.ack(Answer::ok, 8, 5);
        durable.durable.hash.bytes[0] ^= 1U;
        CHECK(node.judge(durable).verdict == Verdict::fork);
        auto applied = node.ack(Answer::ok, 8, 5);
        applied.applied->hash.bytes[0] ^= 1U;
        CHECK(node.judge(applied).verdict == Verdict::fork);
        auto beyond = node.ack(Answer::ok, 10);
        beyond.durable.seq = 11;
        CHECK(node.judge(beyond).verdict == Verdict::fork);
    }

    TEST_CASE(
        "another hash at a alone is a fork, whatever d says, and so is an a beyond the head") {
        const Ten node;
        for (const std::uint64_t durable : {0U, 3U, 8U, 10U}) {
            CAPTURE(durable);
            auto differs = node.ack(Answer::gap, durable, 5);
            REQUIRE(node.judge(differs).verdict == Verdict::agrees);
            differs.applied->hash.bytes[0] ^= 1U;
            CHECK(node.judge(differs).verdict == Verdict::fork);
            CHECK_FALSE(node.judge(differs).proves_applied);
            auto beyond = node.ack(Answer::gap, durable, 10);
            beyond.applied->seq = 11;
            CHECK(node.judge(beyond).verdict == Verdict::fork);
        }
    }

    TEST_CASE("a claimed fork is believed unless it names exactly our history") {
        const Ten node;
        CHECK(node.judge(node.ack(Answer::fork, 8, 5)).verdict == Verdict::unfounded_fork);
        auto other = node.ack(Answer::fork, 8, 5);
        other.durable.hash.bytes[0] ^= 1U;
        CHECK(node.judge(other).verdict == Verdict::fork);
    }

    TEST_CASE("a mark whose record was deleted long ago proves nothing and contradicts nothing") {
        Node node;
        node.append(100, 8000);
        node.stream_from(0);
        node.hear(node.ack(Answer::ok, 100, 100));
        node.append(100, 8000);
        REQUIRE(node.outbox.extent().lowest > 2);
        const Marks marks{node.outbox};
        auto ack = node.ack(Answer::ok, 0);
        ack.durable = {.seq = 1, .hash = {}};
        CHECK(marks.judge(ack).value().verdict == Verdict::agrees);
        CHECK_FALSE(marks.judge(ack).value().proves_durable);
        ack.answer = Answer::fork;
        CHECK(marks.judge(ack).value().verdict == Verdict::fork);
    }

    TEST_CASE("marks rise to what is proven, and never fall") {
        Ten node;
        const auto high = node.ack(Answer::ok, 8, 5);
        node.marks.raise(high, node.judge(high));
        const auto low = node.ack(Answer::ok, 6, 3);
        node.marks.raise(low, node.judge(low));
        CHECK(node.marks.durable() == 8);
        CHECK(node.marks.applied() == 5);
        node.marks.raise(node.ack(Answer::ok, 10, 10), {});  // It proves neither.
        CHECK(node.marks.durable() == 8);
        CHECK(node.marks.applied() == 5);
        node.marks.reset();
        CHECK(node.marks.durable() == 0);
        CHECK(node.marks.applied() == 0);
    }

    TEST_CASE("the proven prefix is the longest one that this or an earlier answer proves") {
        Ten node;
        auto ack = node.ack(Answer::fork, 8, 5);
        CHECK(node.marks.proven_prefix(ack) == 8);
        ack.durable.hash.bytes[0] ^= 1U;
        CHECK(node.marks.proven_prefix(ack) == 5);
        ack.applied.reset();
        CHECK(node.marks.proven_prefix(ack) == 0);
        const auto earlier = node.ack(Answer::ok, 7, 6);
        node.marks.raise(earlier, node.judge(earlier));
        CHECK(node.marks.proven_prefix(ack) == 6);
    }

    TEST_CASE("where the sink has another history, nothing that Redis has of ours is proven") {
        Ten node;
        auto ack = node.ack(Answer::ok, 8, 5);
        ack.applied->hash.bytes[0] ^= 1U;
        CHECK(node.marks.proven_prefix(ack) == 0);
        ack = node.ack(Answer::ok, 10, 10);
        ack.applied->seq = 11;
        CHECK(node.marks.proven_prefix(ack) == 0);
        const auto earlier = node.ack(Answer::ok, 7, 3);
        node.marks.raise(earlier, node.judge(earlier));
        CHECK(node.marks.proven_prefix(ack) == 3);
    }
}
