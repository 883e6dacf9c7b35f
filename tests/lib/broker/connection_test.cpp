#include <doctest/doctest.h>

#include <set>

#include "lib/broker/peer.hpp"

using namespace std::chrono_literals;
using support::Mosquitto;

TEST_CASE("what one client publishes reaches the other, byte for byte and in order") {
    const Mosquitto broker;
    Peer sender(options_for(broker, "sender"));
    Peer taker(options_for(broker, "taker", {{"leat/+/data", 1}}));
    REQUIRE(taker.connect());
    REQUIRE(sender.connect());
    const std::string binary("\0\xff{\"v\":1}\n", 10);
    for (const int qos : {0, 1, 1, 0}) {
        CHECK(sender.connection.publish({.topic = "leat/a/data", .payload = binary, .qos = qos}));
        const auto message = taker.next();
        CHECK(message.topic == "leat/a/data");
        CHECK(message.payload == binary);
        CHECK_FALSE(message.retained);
    }
    for (int at = 0; at < 100; ++at) {
        REQUIRE(sender.send({.topic = "leat/b/data", .payload = std::to_string(at)}));
    }
    for (int at = 0; at < 100; ++at) CHECK(taker.next().payload == std::to_string(at));
    CHECK(sender.until([&] { return sender.connection.in_flight() == 0; }));
    CHECK(sender.connection.refused() == 0);
    CHECK(taker.connection.dropped() == 0);
    CHECK(sender.connection.trouble().empty());
}

TEST_CASE("a message knows when it came in, however late it is taken") {
    const Mosquitto broker;
    const base::SystemClock clock;
    Peer sender(options_for(broker, "sender"));
    Peer taker(options_for(broker, "taker", {{"t", 1}}));
    REQUIRE(taker.connect());
    REQUIRE(sender.connect());
    const auto before = clock.instant();
    CHECK(sender.connection.publish({.topic = "t", .payload = "1"}));
    CHECK(sender.connection.publish({.topic = "t", .payload = "2"}));
    const auto first = taker.next();
    CHECK(first.arrived >= before);
    CHECK(first.arrived <= clock.instant());
    base::pause_for(1500ms);
    CHECK(taker.next().arrived < clock.instant() - 1s);
}

TEST_CASE("a retained message reaches later subscribers and says that it is retained") {
    const Mosquitto broker;
    Peer sender(options_for(broker, "sender"));
    REQUIRE(sender.connect());
    CHECK(sender.connection.publish({.topic = "state", .payload = "on", .retain = true}));
    REQUIRE(sender.until([&] { return sender.connection.in_flight() == 0; }));
    Peer late(options_for(broker, "late", {{"state", 1}}));
    REQUIRE(late.connect());
    const auto message = late.next();
    CHECK(message.payload == "on");
    CHECK(message.retained);
}

TEST_CASE("an expired message is delivered to no client") {
    const Mosquitto broker;
    Peer sender(options_for(broker, "sender"));
    REQUIRE(sender.connect());
    CHECK(sender.connection.publish(
        {.topic = "old", .payload = "1", .retain = true, .expiry = 200ms}));
    CHECK(sender.connection.publish({.topic = "old/not", .payload = "2", .retain = true}));
    REQUIRE(sender.until([&] { return sender.connection.in_flight() == 0; }));
    base::pause_for(2500ms);  // 200 ms are a whole second on the wire.
    Peer late(options_for(broker, "late", {{"old/#", 1}}));
    REQUIRE(late.connect());
    CHECK(late.next().topic == "old/not");
    CHECK_FALSE(late.connection.take());
}

TEST_CASE("no more than in_flight_max publishes are on their way, and the next is refused") {
    Mosquitto broker;
    auto options = options_for(broker, "sender");
    options.in_flight_max = 5;
    Peer sender(options);
    REQUIRE(sender.connect());
    broker.pause();
    for (int at = 0; at < 5; ++at) CHECK(sender.connection.publish({.topic = "t", .payload = "x"}));
    CHECK(sender.connection.in_flight() == 5);
    const auto refused = sender.connection.publish({.topic = "t", .payload = "x"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::exhausted);
    broker.resume();
    CHECK(sender.until([&] { return sender.connection.in_flight() == 0; }));
    CHECK(sender.connection.publish({.topic = "t", .payload = "x"}));
}

TEST_CASE("a full window is never held up for a second") {
    const Mosquitto broker;
    const base::SystemClock clock;
    Peer sender(options_for(broker, "sender"));
    REQUIRE(sender.connect());
    const auto start = clock.instant();
    int sent = 0;
    while (sent < 2000) {
        sender.tick();
        while (sent < 2000 && sender.connection.publish({.topic = "t", .payload = "x"})) ++sent;
        base::pause_for(1ms);
    }
    REQUIRE(sender.until([&] { return sender.connection.in_flight() == 0; }));
    const auto took = clock.instant() - start;
    MESSAGE("2000 publishes took " << took.count() << " ms");
    CHECK(took < 20s);  // With the stall: 2000 / 20 = 100 s.
}

TEST_CASE("a flood that nobody reads is dropped and counted, not stored") {
    const Mosquitto broker;
    auto options = options_for(broker, "taker", {{"flood", 1}});
    options.incoming_max = 10;
    Peer taker(options);
    Peer sender(options_for(broker, "sender"));
    REQUIRE(taker.connect());
    REQUIRE(sender.connect());
    for (int at = 0; at < 50; ++at) {
        REQUIRE(sender.send({.topic = "flood", .payload = std::to_string(at)}));
    }
    CHECK(taker.until([&] { return taker.connection.dropped() == 40; }));
    for (int at = 0; at < 10; ++at) CHECK(taker.next().payload == std::to_string(at));
    CHECK_FALSE(taker.connection.take());
}

TEST_CASE("a shared subscription gives every message to one of its members only") {
    const Mosquitto broker;
    Peer one(options_for(broker, "one", {{"$share/leat/data/+", 1}}));
    Peer two(options_for(broker, "two", {{"$share/leat/data/+", 1}}));
    Peer sender(options_for(broker, "sender"));
    REQUIRE(one.connect());
    REQUIRE(two.connect());
    REQUIRE(sender.connect());
    for (int at = 0; at < 100; ++at) {
        REQUIRE(sender.send({.topic = "data/a", .payload = std::to_string(at)}));
    }
    std::multiset<std::string> taken;
    std::size_t by_one = 0;
    const bool all = support::eventually([&] {
        while (auto message = one.connection.take()) {
            taken.insert(message->payload);
            ++by_one;
        }
        while (auto message = two.connection.take()) taken.insert(message->payload);
        return taken.size() >= 100;
    });
    CHECK(all);
    CHECK(taken.size() == 100);
    CHECK(std::set<std::string>(taken.begin(), taken.end()).size() == 100);
    CHECK(by_one > 0);
    CHECK(by_one < 100);
}

TEST_CASE("what MQTT cannot carry is malformed, not retried forever") {
    const Mosquitto broker;
    Peer sender(options_for(broker, "sender"));
    REQUIRE(sender.connect());
    const auto big =
        sender.connection.publish({.topic = "t", .payload = std::string(1 << 20, 'x')});
    REQUIRE_FALSE(big);
    CHECK(big.error().fault == base::Fault::malformed);
    const auto wrong = sender.connection.publish({.topic = "\xff\xfe", .payload = "x"});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().fault == base::Fault::malformed);
    CHECK(sender.connection.in_flight() == 0);
}

TEST_CASE("the largest packet that the broker says it accepts is the limit of a payload") {
    const support::Mosquitto broker({.lines = {"max_packet_size 1000"}, .anonymous = true});
    Peer peer(options_for(broker, "a", {{"t", 1}}));
    CHECK(peer.connection.payload_max("t") == broker::kPayloadMax);
    REQUIRE(peer.connect());
    const auto most = peer.connection.payload_max("t");
    CHECK(most == 983);  // What is around a payload takes 16 bytes at most, and the topic.
    const broker::Outgoing larger{.topic = "t", .payload = std::string(most + 1, 'x')};
    const auto refused = peer.connection.publish(larger);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::malformed);
    REQUIRE(peer.send({.topic = "t",
                       .payload = std::string(most, 'x'),
                       .qos = 1,
                       .retain = false,
                       .expiry = 60s}));
    CHECK(peer.next().payload.size() == most);  // And the broker does accept this.
    CHECK_FALSE(peer.connection.take_too_large());
}

TEST_CASE("the smallest payload that the broker refused as too large is known once") {
    const support::Mosquitto broker({.lines = {"message_size_limit 1000"}, .anonymous = true});
    Peer peer(options_for(broker, "a"));
    REQUIRE(peer.connect());
    for (const std::size_t bytes : {900U, 3000U, 1200U, 2000U}) {
        REQUIRE(peer.send({.topic = "t", .payload = std::string(bytes, 'x')}));
    }
    REQUIRE(peer.until([&] { return peer.connection.in_flight() == 0; }));
    CHECK(peer.connection.take_too_large() == 1200);
    CHECK_FALSE(peer.connection.take_too_large());
    CHECK(peer.connection.session() == 1);
}
