#include "broker/explain.hpp"

#include <doctest/doctest.h>

#include <vector>

using broker::parse_address;

TEST_CASE("an address is read into its parts, with the standard ports as defaults") {
    struct Case {
        const char* text;
        const char* uri;
    };
    const std::vector<Case> cases{
        {"tcp://127.0.0.1:1883", "tcp://127.0.0.1:1883"},
        {"mqtt://broker", "tcp://broker:1883"},
        {"ssl://broker", "ssl://broker:8883"},
        {"mqtts://broker:1", "ssl://broker:1"},
        {"tcp://[::1]", "tcp://[::1]:1883"},
        {"tcp://[fe80::1]:1884", "tcp://[fe80::1]:1884"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.text);
        const auto address = parse_address(row.text);
        REQUIRE(address);
        CHECK(address.value().uri() == row.uri);
    }
}

TEST_CASE("a host has no control characters and none that the resolver does not know") {
    for (const std::string host : {"a\nb", "a\x7f",
                                   "b\xc3\xbc"
                                   "cher.lan",
                                   "a\tb", "a b", "a\"b", "a/b"}) {
        CAPTURE(host);
        CHECK_FALSE(broker::parse_address("tcp://" + host));
    }
}

TEST_CASE("a text that is not an address is refused") {
    for (const char* text : {"", "127.0.0.1:1883", "http://broker", "tcp://", "tcp://:1883",
                             "tcp://broker:", "tcp://broker:0", "tcp://broker:65536",
                             "tcp://broker:18x", "tcp://broker/path", "tcp://bro ker"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_address(text));
    }
}

TEST_CASE("a trouble says where, why and what to do") {
    broker::PahoOptions options;
    options.client_id = "leat-a";
    CHECK(broker::explain_refusal(options, {.code = -1}) ==
          "127.0.0.1:1883 refused the connection: is a broker listening there?");
    options.address = "tcp://broker.lan";
    CHECK(broker::explain_refusal(options, {.code = -1}).find("Mosquitto 2") != std::string::npos);
    CHECK(
        broker::explain_refusal(options, {.code = 0x87}) ==
        "the broker at broker.lan:1883 refused us, not authorized (0x87): it requires a user: set "
        "user and password_file");
    CHECK(broker::explain_loss(options, 0x8E) ==
          "another client connected to broker.lan:1883 with our client id leat-a: every client "
          "needs an id of "
          "its own");
    CHECK(
        broker::explain_loss(options, 0).starts_with("the connection to broker.lan:1883 was lost"));
}
