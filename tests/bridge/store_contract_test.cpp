// Goal: the delivery protocol's answers are the same in the fake of the simulation and in the real
// Redis. Method: every answer once on both, then thousands of random calls on both at the same
// time, which must give the same answers and the same streams. SEED=n repeats a random run.
#include <doctest/doctest.h>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"

namespace {

using bridge::IngestRequest;
using bridge_test::FakeWorld;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Ack;
using wire::Answer;

template <class World>
Ack send(World& world, const IngestRequest& request) {
    auto acks = world.store.ingest({request});
    if (!acks) FAIL(acks.error().detail);
    REQUIRE(acks.value().size() == 1);
    CHECK(acks.value()[0].incarnation == request.header.incarnation);
    CHECK(acks.value()[0].now == world.clock.event_time());
    return acks.value()[0];
}

template <class World>
std::vector<ingest::Entry> stream_of(World& world, const std::string& node,
                                     const std::string& cursor = "0-0") {
    auto entries = world.source.read(world.partition_of(node), cursor, 1000);
    if (!entries) FAIL(entries.error().detail);
    return entries.value();
}

/// "1 2 3" for records, "(4-7)" for a gap.
std::string numbers(const std::vector<ingest::Entry>& entries) {
    std::string text;
    for (const auto& entry : entries) {
        if (!text.empty()) text += ' ';
        text += entry.gap_to == 0
                    ? std::to_string(entry.seq)
                    : "(" + std::to_string(entry.seq) + "-" + std::to_string(entry.gap_to) + ")";
    }
    return text;
}

void check_marks(const Ack& ack, Answer answer, const wire::Mark& durable) {
    CHECK(ack.answer == answer);
    CHECK(ack.durable == durable);
}

}  // namespace

TEST_CASE_TEMPLATE("a batch is stored line by line and answered with the mark behind it", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(3);
    const auto ack = send(world, node.batch(1, 3));
    check_marks(ack, Answer::ok, node.mark(3));
    CHECK(ack.expected == 4);
    CHECK_FALSE(ack.applied);

    const auto entries = stream_of(world, "attic");
    REQUIRE(numbers(entries) == "1 2 3");
    for (const auto& entry : entries) {
        CHECK(entry.node == "attic");
        CHECK(entry.incarnation == node.incarnation());
        CHECK(entry.hash == node.mark(entry.seq).hash);
        CHECK(entry.line == node.line(entry.seq));
        CHECK(entry.received == world.clock.event_time());
    }
    CHECK(numbers(stream_of(world, "attic", entries[1].id)) == "3");
}

TEST_CASE_TEMPLATE("a line with every byte but newline comes back unchanged", World, FakeWorld,
                   RealWorld) {
    World world;
    auto request = TestNode("attic", 0xa).grow(1).batch(1, 1);
    request.lines[0].clear();
    for (int byte = 0; byte < 256; ++byte) {
        if (byte != '\n') request.lines[0] += static_cast<char>(byte);
    }
    CHECK(send(world, request).answer == Answer::ok);
    CHECK(stream_of(world, "attic").at(0).line == request.lines[0]);
}

TEST_CASE_TEMPLATE("what is sent again is answered dup, stored once, and leaves a counter", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(5);
    send(world, node.batch(1, 5));
    check_marks(send(world, node.batch(1, 5)), Answer::dup, node.mark(5));
    check_marks(send(world, node.batch(2, 2)), Answer::dup, node.mark(5));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4 5");
    CHECK(world.counter("attic", "dup") == 2);
}

TEST_CASE_TEMPLATE("only the new suffix of an overlapping batch is stored", World, FakeWorld,
                   RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(5);
    send(world, node.batch(1, 3));
    check_marks(send(world, node.batch(2, 4)), Answer::ok, node.mark(5));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4 5");
}

TEST_CASE_TEMPLATE("a batch beyond what is stored is answered gap with the number wanted", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(9);
    send(world, node.batch(1, 3));
    const auto ack = send(world, node.batch(6, 2));
    check_marks(ack, Answer::gap, node.mark(3));
    CHECK(ack.expected == 4);
    CHECK(world.counter("attic", "gap") == 1);
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3");
}

TEST_CASE_TEMPLATE("another history under the same identity is a fork and nothing is stored", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(6);
    const auto clone = TestNode("attic", 0xa).grow(2).grow(6, "b");
    send(world, node.batch(1, 4));
    for (const auto& request : {clone.batch(5, 2), clone.batch(4, 3), clone.batch(1, 4),
                                clone.batch(2, 5), clone.batch(5, 0)}) {
        CAPTURE(request.header.base);
        CAPTURE(request.header.count);
        check_marks(send(world, request), Answer::fork, node.mark(4));
    }
    CHECK(world.counter("attic", "fork") == 5);
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4");
    check_marks(send(world, node.batch(5, 2)), Answer::ok, node.mark(6));
}

TEST_CASE_TEMPLATE("a beginning that is not the node's own is a fork", World, FakeWorld,
                   RealWorld) {
    World world;
    const auto stranger = TestNode("cellar", 0xa).grow(1);
    auto request = stranger.batch(1, 1);
    request.node = "attic";
    CHECK(send(world, request).answer == Answer::fork);
    CHECK(stream_of(world, "attic").empty());
}

TEST_CASE_TEMPLATE("what a node rightly deleted is declared as a gap before its next record", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(9);
    send(world, node.batch(1, 2));
    const auto early = send(world, node.batch(8, 1, 7));
    check_marks(early, Answer::gap, node.mark(2));
    CHECK(early.expected == 7);
    check_marks(send(world, node.batch(7, 2, 7)), Answer::ok, node.mark(8));

    const auto entries = stream_of(world, "attic");
    REQUIRE(numbers(entries) == "1 2 (3-6) 7 8");
    CHECK(entries[2].hash == node.mark(6).hash);
    CHECK(entries[2].line.empty());
    CHECK(world.counter("attic", "lost") == 4);
}

TEST_CASE_TEMPLATE("a hole between a node's records is crossed when all before it is stored", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(20);
    send(world, node.batch(1, 3));
    const auto early = send(world, node.crossing(5, 10, 2));
    check_marks(early, Answer::gap, node.mark(3));  // 4 and 5 are still to come.
    CHECK(early.expected == 4);
    send(world, node.batch(4, 2));
    check_marks(send(world, node.crossing(5, 10, 2)), Answer::ok, node.mark(11));
    check_marks(send(world, node.crossing(5, 10, 2)), Answer::dup, node.mark(11));
    check_marks(send(world, node.crossing(5, 10, 4)), Answer::ok, node.mark(13));
    const auto entries = stream_of(world, "attic");
    REQUIRE(numbers(entries) == "1 2 3 4 5 (6-9) 10 11 12 13");
    CHECK(entries[5].hash == node.mark(9).hash);
    CHECK(world.counter("attic", "lost") == 4);
}

TEST_CASE_TEMPLATE("a hole that begins before what is stored declares only what is missing", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(20);
    send(world, node.batch(1, 7));
    check_marks(send(world, node.crossing(5, 10, 2)), Answer::ok, node.mark(11));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4 5 6 7 (8-9) 10 11");
    // Another history beyond the hole is one, too.
    const auto clone = TestNode("attic", 0xa).grow(20, "clone");
    check_marks(send(world, clone.crossing(5, 12, 2)), Answer::fork, node.mark(11));
}

TEST_CASE_TEMPLATE("an unknown incarnation that begins in the middle is asked for its lowest",
                   World, FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(9);
    const auto far = send(world, node.batch(8, 1, 5));
    check_marks(far, Answer::gap, node.mark(0));
    CHECK(far.expected == 5);
    const auto none_deleted = send(world, node.batch(8, 1));
    CHECK(none_deleted.answer == Answer::gap);
    CHECK(none_deleted.expected == 1);
    CHECK(stream_of(world, "attic").empty());

    check_marks(send(world, node.batch(5, 2, 5)), Answer::ok, node.mark(6));
    CHECK(numbers(stream_of(world, "attic")) == "(1-4) 5 6");
}

TEST_CASE_TEMPLATE("a probe is answered with the marks and stores no record", World, FakeWorld,
                   RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(4);
    check_marks(send(world, TestNode("attic", 0xa).probe()), Answer::dup, node.mark(0));
    send(world, node.batch(1, 4));
    check_marks(send(world, node.probe()), Answer::dup, node.mark(4));
    check_marks(send(world, node.batch(3, 0)), Answer::dup, node.mark(4));
    const auto ahead = send(world, TestNode("attic", 0xa).grow(6).probe());
    check_marks(ahead, Answer::gap, node.mark(4));
    CHECK(ahead.expected == 5);
    CHECK(send(world, TestNode("attic", 0xa).grow(9).probe(7)).expected == 7);
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4");
}

TEST_CASE_TEMPLATE("a new incarnation begins anew and the old one still finds its place", World,
                   FakeWorld, RealWorld) {
    World world;
    const auto first = TestNode("attic", 0xa).grow(5);
    const auto second = TestNode("attic", 0xb).grow(2);
    send(world, first.batch(1, 3));
    check_marks(send(world, second.batch(1, 2)), Answer::ok, second.mark(2));
    check_marks(send(world, first.batch(1, 3)), Answer::dup, first.mark(3));
    check_marks(send(world, first.batch(4, 2)), Answer::ok, first.mark(5));
    check_marks(send(world, second.probe()), Answer::dup, second.mark(2));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 1 2 4 5");
}

TEST_CASE_TEMPLATE("eight old incarnations are remembered and the ninth is forgotten", World,
                   FakeWorld, RealWorld) {
    World world;
    for (std::uint64_t i = 1; i <= 10; ++i) {
        const auto node = TestNode("attic", i).grow(2);
        CHECK(send(world, node.batch(1, 2)).answer == Answer::ok);
    }
    CHECK(send(world, TestNode("attic", 2).grow(2).batch(1, 2)).answer == Answer::dup);
    // Forgotten, and so treated as new; central recognises it by its own marks.
    CHECK(send(world, TestNode("attic", 1).grow(2).batch(1, 2)).answer == Answer::ok);
}

TEST_CASE_TEMPLATE("more than 24 new incarnations a day are rejected until the next day", World,
                   FakeWorld, RealWorld) {
    World world;
    for (std::uint64_t i = 1; i <= 24; ++i) {
        CHECK(send(world, TestNode("attic", i).grow(1).batch(1, 1)).answer == Answer::ok);
    }
    const auto next = TestNode("attic", 25).grow(1);
    const auto ack = send(world, next.batch(1, 1));
    check_marks(ack, Answer::reject, next.mark(0));
    CHECK(ack.reason == "too many incarnations a day");
    CHECK(ack.retry_after == std::chrono::hours{1});
    CHECK(send(world, TestNode("attic", 24).grow(2).batch(2, 1)).answer == Answer::ok);
    world.clock.advance(std::chrono::hours{24});
    CHECK(send(world, next.batch(1, 1)).answer == Answer::ok);
}

TEST_CASE_TEMPLATE("a full stream makes nodes wait, and reading makes room", World, FakeWorld,
                   RealWorld) {
    World world{4};
    const auto node = TestNode("attic", 0xa).grow(6);
    send(world, node.batch(1, 3));
    const auto ack = send(world, node.batch(4, 2));
    check_marks(ack, Answer::busy, node.mark(3));
    CHECK(ack.retry_after > base::Duration::zero());
    check_marks(send(world, node.batch(4, 1)), Answer::ok, node.mark(4));
    check_marks(send(world, node.batch(1, 4)), Answer::dup, node.mark(4));
    CHECK(send(world, TestNode("attic", 0xb).grow(1).batch(1, 1)).answer == Answer::busy);

    const auto entries = stream_of(world, "attic");
    REQUIRE(world.source.settle(world.partition_of("attic"), entries[1].id, {}));
    check_marks(send(world, node.batch(5, 2)), Answer::ok, node.mark(6));
    CHECK(numbers(stream_of(world, "attic")) == "3 4 5 6");
}

TEST_CASE_TEMPLATE("applied marks travel in every answer and never fall", World, FakeWorld,
                   RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(6);
    const auto partition = world.partition_of("attic");
    send(world, node.batch(1, 5));
    const auto settle = [&](std::uint64_t seq) {
        REQUIRE(world.source.settle(partition, "0-0",
                                    {{"attic", node.incarnation(), node.mark(seq)},
                                     {"nobody", node.incarnation(), node.mark(seq)}}));
    };
    settle(3);
    CHECK(send(world, node.batch(6, 1)).applied == node.mark(3));
    settle(2);
    CHECK(send(world, node.probe()).applied == node.mark(3));
    send(world, TestNode("attic", 0xb).grow(1).batch(1, 1));
    settle(6);
    CHECK(send(world, node.probe()).applied == node.mark(6));
    CHECK_FALSE(send(world, TestNode("attic", 0xb).probe()).applied);
}

TEST_CASE_TEMPLATE("only what every sink is done with is trimmed", World, FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(4);
    const auto partition = world.partition_of("attic");
    send(world, node.batch(1, 4));
    const auto entries = stream_of(world, "attic");
    REQUIRE(world.other_source.settle(partition, entries[0].id, {}));
    REQUIRE(world.source.settle(partition, entries[3].id, {}));
    CHECK(numbers(stream_of(world, "attic")) == "2 3 4");
    REQUIRE(world.other_source.settle(partition, entries[3].id, {}));
    CHECK(stream_of(world, "attic").empty());
    REQUIRE(world.source.settle(partition, entries[3].id, {}));
}

TEST_CASE_TEMPLATE("a cursor ahead of the stream is refused, and nothing is trimmed or marked",
                   World, FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(3);
    const auto partition = world.partition_of("attic");
    const auto refuses = [&](const std::string& cursor) {
        const auto settled =
            world.source.settle(partition, cursor, {{"attic", node.incarnation(), node.mark(1)}});
        return !settled && settled.error().fault == base::Fault::malformed;
    };
    CHECK(refuses("0-1"));
    CHECK(world.source.settle(partition, "0-0", {}));
    CHECK(refuses("0-1"));
    send(world, node.batch(1, 3));
    const auto last = stream_of(world, "attic").back().id;
    const auto dash = last.find('-');
    const auto number = std::stoull(last.substr(dash + 1));
    CHECK(refuses(last.substr(0, dash + 1) + std::to_string(number + 1)));
    CHECK(refuses("9" + last));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3");
    CHECK_FALSE(send(world, node.probe()).applied);
    // An id that was trimmed still counts as given.
    REQUIRE(world.source.settle(partition, last, {}));
    CHECK(stream_of(world, "attic").empty());
    CHECK(world.source.settle(partition, last, {}));
}

TEST_CASE_TEMPLATE("a rewound node is asked again from there, and a mark is never set forward",
                   World, FakeWorld, RealWorld) {
    World world;
    const auto node = TestNode("attic", 0xa).grow(6);
    const auto partition = world.partition_of("attic");
    send(world, node.batch(1, 5));
    REQUIRE(world.source.rewind(partition, {"attic", node.incarnation(), node.mark(6)}));
    CHECK(send(world, node.batch(6, 0)).durable == node.mark(5));
    REQUIRE(world.source.rewind(partition, {"attic", node.incarnation(), node.mark(2)}));
    REQUIRE(world.source.rewind(partition, {"nobody", node.incarnation(), node.mark(2)}));
    const auto ack = send(world, node.batch(6, 1));
    check_marks(ack, Answer::gap, node.mark(2));
    CHECK(ack.expected == 3);
    check_marks(send(world, node.batch(3, 4)), Answer::ok, node.mark(6));
    CHECK(numbers(stream_of(world, "attic")) == "1 2 3 4 5 3 4 5 6");
    CHECK(world.counter("attic", "rewinds") == 1);
}

TEST_CASE_TEMPLATE("the data set keeps its name until it is replaced", World, FakeWorld,
                   RealWorld) {
    World world;
    const auto lineage = world.source.lineage();
    REQUIRE(lineage);
    CHECK(world.other_source.lineage().value() == lineage.value());
    world.flush_all();
    REQUIRE(world.other_source.lineage());
    CHECK(world.other_source.lineage().value() != lineage.value());
    CHECK(world.source.lineage().value() == world.other_source.lineage().value());
}

TEST_CASE_TEMPLATE("requests of one group are decided in order", World, FakeWorld, RealWorld) {
    World world;
    const auto attic = TestNode("attic", 0xa).grow(4);
    const auto cellar = TestNode("cellar", 0xc).grow(1);
    const auto acks = world.store.ingest(
        {attic.batch(1, 2), cellar.batch(1, 1), attic.batch(3, 2), attic.batch(1, 2)});
    REQUIRE(acks);
    REQUIRE(acks.value().size() == 4);
    check_marks(acks.value()[0], Answer::ok, attic.mark(2));
    check_marks(acks.value()[1], Answer::ok, cellar.mark(1));
    check_marks(acks.value()[2], Answer::ok, attic.mark(4));
    check_marks(acks.value()[3], Answer::dup, attic.mark(4));
}
