// Brokers that refuse, or do not answer.
#include <doctest/doctest.h>

#include "lib/broker/fake_broker.hpp"
#include "lib/broker/peer.hpp"

using namespace std::chrono_literals;

namespace {

broker::PahoOptions options_for_fake(const FakeBroker& fake) {
    broker::PahoOptions options;
    options.address = fake.url();
    options.client_id = "patient";
    options.connect_timeout = 1s;
    options.subscriptions = {{"commands", 1}};
    options.backoff = {.first = 50ms, .longest = 200ms};
    return options;
}

bool trouble_says(Peer& peer, const std::string& words) {
    return peer.until([&] { return peer.connection.trouble().find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("a connection without its subscriptions does not count, and names the refused one") {
    const FakeBroker fake(FakeBroker::Manner::refuses_subscriptions);
    Peer peer(options_for_fake(fake));
    CHECK(trouble_says(peer, "refused the subscription to commands, not authorized (0x87)"));
    CHECK(peer.connection.session() == 0);
    CHECK_FALSE(peer.until([&] { return peer.connection.session() != 0; }, 1s));
    CHECK_FALSE(peer.connection.publish({.topic = "t", .payload = "x"}));
}

TEST_CASE("a broker that accepts and says nothing is given up after the time-out") {
    const FakeBroker fake(FakeBroker::Manner::says_nothing);
    Peer peer(options_for_fake(fake));
    CHECK(trouble_says(peer, "takes the connection and then says nothing for 1 s"));
    CHECK(peer.connection.session() == 0);
}

TEST_CASE("a broker's reason for closing the connection is reported") {
    const FakeBroker fake(FakeBroker::Manner::pushes_out);
    Peer peer(options_for_fake(fake));
    CHECK(trouble_says(peer, "every client needs an id of its own"));
}

TEST_CASE("a broker that closes the connection because a message is too large leaves its size") {
    const FakeBroker fake(FakeBroker::Manner::finds_it_too_large);
    auto options = options_for_fake(fake);
    options.subscriptions.clear();
    Peer peer(options);
    REQUIRE(peer.connect());
    REQUIRE(peer.send({.topic = "t", .payload = std::string(700, 'x')}));
    CHECK(trouble_says(peer, "packet too large (0x95)"));
    CHECK(peer.connection.take_too_large() == 700);
    CHECK_FALSE(peer.connection.take_too_large());
}
