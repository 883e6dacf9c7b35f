#include "bridge/ingest.hpp"

#include <doctest/doctest.h>

#include "bridge/test_node.hpp"

using bridge::DeadCause;
using bridge::DeadLetter;
using bridge::Ingest;
using bridge::IngestRequest;
using bridge_test::TestNode;

namespace {

Ingest::Decision decide(std::string topic, std::string payload) {
    const Ingest ingest{wire::Topics{}};
    return ingest.decide(
        {.topic = std::move(topic), .payload = std::move(payload), .retained = false});
}

}  // namespace

TEST_CASE("a batch is read into its lines, with the chain value of each") {
    const auto node = TestNode("attic", 0xa).grow(7);
    const auto decision = decide("leat/v1/attic/data", node.payload(3, 5, 2));
    REQUIRE(std::holds_alternative<IngestRequest>(decision));
    const auto& request = std::get<IngestRequest>(decision);
    const auto expected = node.batch(3, 5, 2);
    CHECK(request.node == "attic");
    CHECK(request.header == expected.header);
    CHECK(request.lines == expected.lines);
    CHECK(request.chain == expected.chain);
}

TEST_CASE("a probe is a request without lines") {
    const auto decision =
        decide("leat/v1/attic/data", TestNode("attic", 0xa).grow(7).payload(8, 0));
    REQUIRE(std::holds_alternative<IngestRequest>(decision));
    CHECK(std::get<IngestRequest>(decision).lines.empty());
}

TEST_CASE("a line that is not JSON is carried: what a record holds is central's business") {
    auto payload = TestNode("attic", 0xa).payload(1, 0);
    payload.replace(payload.find("\"n\":0"), 5, "\"n\":1");
    payload += "\n}{ \xff";
    const auto decision = decide("leat/v1/attic/data", payload);
    REQUIRE(std::holds_alternative<IngestRequest>(decision));
    CHECK(std::get<IngestRequest>(decision).lines.at(0) == "}{ \xff");
}

TEST_CASE("what is not a batch becomes a dead letter that keeps the bytes and says why") {
    const auto good = TestNode("attic", 0xa).grow(1).payload(1, 1);
    struct Row {
        const char* name;
        std::string topic;
        std::string payload;
        DeadCause cause;
    };
    const Row rows[]{
        {"an upper-case node", "leat/v1/Attic/data", good, DeadCause::topic},
        {"a reserved node", "leat/v1/bridge/data", good, DeadCause::topic},
        {"another leaf", "leat/v1/attic/state", good, DeadCause::topic},
        {"another root", "other/v1/attic/data", good, DeadCause::topic},
        {"nothing", "leat/v1/attic/data", "", DeadCause::payload},
        {"rubbish", "leat/v1/attic/data", std::string("\0\xff", 2), DeadCause::payload},
        {"a missing line", "leat/v1/attic/data", good.substr(0, good.find('\n')),
         DeadCause::payload},
        {"a line too many", "leat/v1/attic/data", good + "\n{}", DeadCause::payload},
        {"too many bytes", "leat/v1/attic/data", std::string(70'000, 'x'), DeadCause::payload},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto decision = decide(row.topic, row.payload);
        REQUIRE(std::holds_alternative<DeadLetter>(decision));
        const auto& letter = std::get<DeadLetter>(decision);
        CHECK(letter.topic == row.topic);
        CHECK(letter.payload == row.payload);
        CHECK(letter.cause == row.cause);
        CHECK_FALSE(letter.reason.empty());
    }
}
