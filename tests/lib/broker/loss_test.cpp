// What happens when a connection or its other end goes away.
#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>

#include "lib/broker/peer.hpp"
#include "support/free_port.hpp"

using namespace std::chrono_literals;
using support::Mosquitto;

namespace {

constexpr const char* kChild = "a client that waits to be killed";

broker::Outgoing will() {
    return {.topic = "status", .payload = "lost", .retain = true};
}

}  // namespace

// Runs in a process of its own: see the next test.
TEST_CASE("a client that waits to be killed" * doctest::skip()) {
    const char* url = std::getenv("BROKER");
    REQUIRE(url != nullptr);
    broker::PahoOptions options;
    options.address = url;
    options.client_id = "mortal";
    options.will = will();
    Peer peer(options);
    REQUIRE(peer.connect());
    REQUIRE(peer.send({.topic = "status", .payload = "ready", .retain = true}));
    peer.until([] { return false; }, 1min);
}

TEST_CASE("the will of a killed client reaches the others") {
    const Mosquitto broker;
    Peer watcher(options_for(broker, "watcher", {{"status", 1}}));
    REQUIRE(watcher.connect());
    auto child = support::Process::start(
        {.argv = {"/proc/self/exe", std::string("--test-case=") + kChild, "--no-skip"},
         .environment = {"BROKER=" + broker.url()},
         .log_file = broker.folder().file("child"),
         .folder = {}});
    CHECK(watcher.next().payload == "ready");
    child.kill(SIGKILL);
    CHECK(watcher.next().payload == "lost");
}

TEST_CASE("a client that says goodbye leaves no will, and the broker has everything") {
    const Mosquitto broker;
    Peer watcher(options_for(broker, "watcher", {{"status", 1}}));
    REQUIRE(watcher.connect());
    auto options = options_for(broker, "polite");
    options.will = will();
    Peer polite(options);
    REQUIRE(polite.connect());
    CHECK(polite.connection.publish({.topic = "status", .payload = "disconnected"}));
    polite.connection.disconnect(5s);
    CHECK(polite.connection.session() == 0);
    CHECK(polite.connection.in_flight() == 0);
    CHECK(watcher.next().payload == "disconnected");
    CHECK_FALSE(watcher.until([&] { return watcher.connection.take().has_value(); }, 500ms));
    polite.tick();  // Does not connect again.
    CHECK_FALSE(polite.until([&] { return polite.connection.session() != 0; }, 300ms));
}

TEST_CASE("after the broker's death there is a new session, with the subscriptions renewed") {
    Mosquitto broker;
    Peer peer(options_for(broker, "peer", {{"a", 1}, {"b", 1}}));
    REQUIRE(peer.connect());
    for (int round = 0; round < 3; ++round) {
        const auto before = peer.connection.session();
        broker.kill_hard();
        CHECK(peer.until([&] { return peer.connection.session() == 0; }));
        const auto refused = peer.connection.publish({.topic = "a", .payload = "x"});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == base::Fault::transient);
        CHECK(peer.connection.trouble().find(broker.address()) != std::string::npos);
        broker.restart();
        REQUIRE(peer.connect());
        CHECK(peer.connection.session() > before);
        CHECK(peer.connection.trouble().empty());
        for (const char* topic : {"a", "b"}) {
            CHECK(peer.connection.publish({.topic = topic, .payload = "x"}));
            CHECK(peer.next().topic == topic);
        }
    }
}

TEST_CASE("a broker that falls silent is noticed by the keep-alive") {
    Mosquitto broker;
    auto options = options_for(broker, "peer");
    options.keep_alive = 1s;
    Peer peer(options);
    REQUIRE(peer.connect());
    broker.pause();
    CHECK(peer.until([&] { return peer.connection.session() == 0; }, 10s));
    broker.resume();
    CHECK(peer.connect());
}

TEST_CASE("a dead link is noticed within one and a half times the keep-alive") {
    Mosquitto broker;
    auto options = options_for(broker, "peer");
    options.keep_alive = 5s;
    Peer peer(options);
    REQUIRE(peer.connect());
    broker.pause();
    const base::SystemClock clock;
    const auto start = clock.instant();
    CHECK(peer.until([&] { return peer.connection.session() == 0; }, 30s));
    // Paho looks once a second, or less often when the machine is busy.
    CHECK(clock.instant() - start < 10s);
    broker.resume();
}

TEST_CASE("publishes that a dead broker never confirmed do not fill the window forever") {
    Mosquitto broker;
    Peer peer(options_for(broker, "peer"));
    for (int round = 0; round < 5; ++round) {
        REQUIRE(peer.connect());
        broker.pause();
        for (int at = 0; at < 16; ++at) {
            CHECK(peer.connection.publish({.topic = "t", .payload = std::string(60'000, 'x')}));
        }
        CHECK(peer.connection.in_flight() == 16);
        broker.kill_hard();
        CHECK(peer.until([&] { return peer.connection.in_flight() == 0; }));
        broker.restart();
    }
}

TEST_CASE("a client pushed out by another with its id gets a hint about that") {
    const Mosquitto broker;
    Peer first(options_for(broker, "twin"));
    REQUIRE(first.connect());
    Peer second(options_for(broker, "twin"));
    REQUIRE(second.connect());
    CHECK(first.until(
        [&] { return first.connection.trouble().find("client id twin") != std::string::npos; }));
}

TEST_CASE("a port where nobody listens is named in the trouble") {
    broker::PahoOptions options;
    options.address = "tcp://127.0.0.1:" + std::to_string(support::free_port());
    Peer peer(options);
    CHECK(peer.until([&] {
        return peer.connection.trouble() ==
               options.address.substr(6) + " refused the connection: is a broker listening there?";
    }));
}

TEST_CASE("destroying a connection in any state neither hangs nor crashes") {
    const Mosquitto broker;
    const base::SystemClock clock;
    // While it is there, Paho's threads stay, so most rounds find them at work.
    auto keeper = std::make_unique<Peer>(options_for(broker, "keeper", {{"noise", 1}}));
    REQUIRE(keeper->connect());
    base::Duration longest{};
    for (int round = 0; round < 100; ++round) {
        if (round == 94) keeper.reset();
        auto peer = std::make_unique<Peer>(options_for(broker, "short-lived", {{"noise", 1}}));
        for (int at = 0; at < round % 4; ++at) peer->tick();
        if (round % 10 == 0) CHECK(peer->connect());
        for (int at = 0; at < 16; ++at) {
            (void)peer->connection.publish({.topic = "noise", .payload = "x"});
        }
        const auto start = clock.instant();
        if (round % 5 == 0) peer->connection.disconnect(100ms);
        peer.reset();
        longest = std::max(longest, clock.instant() - start);
    }
    MESSAGE("the longest end took " << longest.count() << " ms");
    CHECK(longest < 5s);
}

TEST_CASE("destroying a connection does not hang while the broker does") {
    Mosquitto broker;
    const base::SystemClock clock;
    auto peer = std::make_unique<Peer>(options_for(broker, "peer", {{"noise", 1}}));
    REQUIRE(peer->connect());
    auto hopeful = std::make_unique<Peer>(options_for(broker, "hopeful", {{"noise", 1}}));
    broker.pause();
    for (int at = 0; at < 16; ++at) {
        (void)peer->connection.publish({.topic = "noise", .payload = std::string(200'000, 'x')});
    }
    hopeful->until([] { return false; }, 100ms);
    const auto start = clock.instant();
    peer->connection.disconnect(200ms);
    peer.reset();
    hopeful.reset();
    CHECK(clock.instant() - start < 5s);
}
