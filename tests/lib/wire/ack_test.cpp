#include "wire/ack.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE("wire/ack") {
    TEST_CASE("what is encoded is decoded") {
        for (const auto answer : {wire::Answer::ok, wire::Answer::dup, wire::Answer::gap,
                                  wire::Answer::busy, wire::Answer::fork, wire::Answer::reject}) {
            const wire::Ack sent{.incarnation = {77},
                                 .answer = answer,
                                 .durable = {.seq = 5, .hash = {}},
                                 .applied = wire::Mark{.seq = 3, .hash = {}},
                                 .expected = 6,
                                 .retry_after = base::Duration{10},
                                 .reason = "because \"of\" it",
                                 .now = base::from_milliseconds(1)};
            const auto decoded = wire::decode_ack(wire::encode_ack(sent));
            REQUIRE(decoded);
            CHECK(decoded.value() == sent);
        }
    }

    TEST_CASE("whatever the reason is, the node can read the acknowledgement") {
        for (const std::string character : {"x", "\x01", "\"", "\xc3\xa4", "\xff"}) {
            wire::Ack sent{};
            for (int i = 0; i < 5000; ++i) sent.reason += character;
            const auto decoded = wire::decode_ack(wire::encode_ack(sent));
            REQUIRE(decoded);
            CHECK(decoded.value().reason.size() <= 256);
            CHECK(decoded.value().reason.size() > 250);
        }
    }

    TEST_CASE("anything that is not an acknowledgement is refused") {
        const auto good = wire::encode_ack({});
        for (const auto& bad :
             {std::string{}, std::string{"{}"}, std::string{"[1]"}, std::string{R"({"v":2})"},
              good.substr(0, good.size() - 1), good + std::string(2048, ' ')}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::decode_ack(bad));
        }
        auto unknown = good;
        unknown.replace(unknown.find("\"ok\""), 4, "\"oh\"");
        CHECK_FALSE(wire::decode_ack(unknown));
    }
}
