#include "broker/explain.hpp"

#include <doctest/doctest.h>

#include <vector>

using broker::Obstacle;
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

TEST_CASE("an address that is none is told with one that would be, and shows no password") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"broker.lan:1883",
         "\"broker.lan:1883\" is not a broker address: write tcp://broker.lan:1883, or "
         "ssl://broker.lan:1883 for TLS"},
        {"ws://broker",
         "\"ws://broker\": leat speaks MQTT without WebSockets: write "
         "tcp://host:1883, or ssl://host:8883 for TLS"},
        {"tcp://me:secret@broker",
         "the address holds no user: write tcp://host:1883, or ssl://host:8883 for TLS, and user "
         "and password_file beside it"},
        {"tcp://broker:0",
         "\"tcp://broker:0\" is not a broker address: write tcp://host:1883, or ssl://host:8883 "
         "for "
         "TLS"},
    };
    for (const auto& [text, told] : cases) {
        const auto address = parse_address(text);
        REQUIRE_FALSE(address);
        CHECK(address.error().detail == told);
    }
}

TEST_CASE("a refusal and a loss say where, why and what to do") {
    broker::PahoOptions options;
    options.client_id = "leat-a";
    options.address = "tcp://broker.lan";
    CHECK(
        broker::explain_refusal(options, 0x87) ==
        "the broker at broker.lan:1883 refused us, not authorized (0x87): it requires a user: set "
        "user and password_file");
    CHECK(broker::explain_loss(options, 0x8E) ==
          "another client connected to broker.lan:1883 with our client id leat-a: every client "
          "needs an id of "
          "its own");
    CHECK(
        broker::explain_loss(options, 0).starts_with("the connection to broker.lan:1883 was lost"));
}

TEST_CASE("every obstacle is told as itself, with what to do") {
    struct Case {
        const char* address;
        Obstacle obstacle;
        const char* detail;
        const char* told;
    };
    const std::vector<Case> cases{
        {"tcp://b.lan", Obstacle::unknown_name, "Name or service not known",
         "no host is called b.lan (Name or service not known): is the name right? `getent hosts "
         "b.lan` asks the same question"},
        {"tcp://b.lan", Obstacle::no_name_service, "",
         "the name service does not answer, so that nobody knows where b.lan is: is the network "
         "up?"},
        {"tcp://127.0.0.1", Obstacle::refused, "",
         "127.0.0.1:1883 refused the connection: is a broker listening there?"},
        {"tcp://b.lan", Obstacle::refused, "",
         "b.lan:1883 refused the connection: is a broker listening there? Mosquitto 2 without a "
         "listener line in mosquitto.conf answers on its own machine only"},
        {"tcp://10.9.9.9", Obstacle::unreachable, "No route to host",
         "10.9.9.9:1883 cannot be reached (No route to host): is the network up, and the address "
         "right?"},
        {"tcp://10.9.9.9", Obstacle::no_answer, "",
         "10.9.9.9:1883 did not answer within 5 s: is the address right, is the machine on, and "
         "does a firewall drop the packets?"},
        {"tcp://b.lan", Obstacle::silent, "",
         "b.lan:1883 takes the connection and then says nothing for 5 s: is that port a broker's, "
         "and does it hang?"},
        {"tcp://b.lan:8883", Obstacle::wants_tls, "",
         "b.lan:8883 speaks TLS, and the address asks for plain MQTT: write ssl://b.lan:8883"},
        {"ssl://b.lan:1883", Obstacle::no_tls, "",
         "b.lan:1883 does not speak TLS: write tcp://b.lan:1883, or the port of the broker's TLS "
         "listener, usually 8883"},
        {"ssl://b.lan", Obstacle::old_tls, "",
         "b.lan:8883 offers no TLS 1.2 or newer, and leat takes nothing older: update that broker"},
        {"ssl://b.lan", Obstacle::unknown_authority, "",
         "the certificate of b.lan:8883 is of an authority that this machine does not know: set "
         "ca_file to the certificate of the authority that made it"},
        {"ssl://10.0.0.2", Obstacle::wrong_name, "b.lan, 10.0.0.1",
         "the certificate of 10.0.0.2:8883 is for b.lan, 10.0.0.1, and not for 10.0.0.2: write a "
         "name that it is for into the address, or have one made for 10.0.0.2"},
        {"ssl://b.lan", Obstacle::expired, "2021-01-01, and this machine's clock says 2026-11-28",
         "the certificate of b.lan:8883 ended on 2021-01-01, and this machine's clock says "
         "2026-11-28: renew it, or set the clock"},
        {"ssl://b.lan", Obstacle::not_yet_valid,
         "2021-01-01, and this machine's clock says 1970-01-01",
         "the certificate of b.lan:8883 begins on 2021-01-01, and this machine's clock says "
         "1970-01-01: is the clock set?"},
        {"ssl://b.lan", Obstacle::wants_certificate, "",
         "b.lan:8883 wants a certificate of ours: set certificate_file and key_file"},
        {"ssl://b.lan", Obstacle::none, "",
         "b.lan:8883 ended the connection without giving a reason: is it a broker that speaks MQTT "
         "5? Its log says more"},
        {"tcp://b.lan", Obstacle::other, "Operation not permitted",
         "no connection to b.lan:1883: Operation not permitted"},
    };
    for (const auto& row : cases) {
        broker::PahoOptions options;
        options.address = row.address;
        CHECK(broker::explain_obstacle(options, {row.obstacle, row.detail}) == row.told);
    }
}
