// Users and access rules, with a real Mosquitto.
#include <doctest/doctest.h>

#include "lib/broker/certificates.hpp"
#include "lib/broker/peer.hpp"

using namespace std::chrono_literals;
using support::Mosquitto;

namespace {

/// A broker with the user "node" (password "secret"), who may write to `allowed` only.
struct GuardedBroker {
    GuardedBroker() {
        run({"mosquitto_passwd", "-b", "-c", files.file("passwords"), "node", "secret"}, files);
        files.write("rules", "user node\ntopic readwrite allowed\n");
        broker = std::make_unique<Mosquitto>(support::MosquittoOptions{
            .lines = {"password_file " + files.file("passwords"), "acl_file " + files.file("rules"),
                      "use_username_as_clientid true"},
            .anonymous = false});
    }

    support::TemporaryFolder files;
    std::unique_ptr<Mosquitto> broker;
};

}  // namespace

TEST_CASE("the password is read from its file at each connect") {
    GuardedBroker guarded;
    auto options = options_for(*guarded.broker, "node", {{"allowed", 1}});
    options.user = "node";
    options.password_file = guarded.files.file("password");
    Peer peer(options);
    CHECK(trouble_says(peer, "cannot read the password file"));
    guarded.files.write("password", "wrong\n");
    CHECK(trouble_says(peer, "check the password of user node"));
    guarded.files.write("password", "secret\n");
    CHECK(peer.connect());
}

TEST_CASE("a stranger learns that a user is required") {
    GuardedBroker guarded;
    Peer peer(options_for(*guarded.broker, "stranger"));
    CHECK(trouble_says(peer, "set user and password_file"));
}

TEST_CASE("a publish that the access rules forbid is counted as refused") {
    GuardedBroker guarded;
    auto options = options_for(*guarded.broker, "node");
    options.user = "node";
    options.password_file = guarded.files.write("password", "secret");
    Peer peer(options);
    REQUIRE(peer.connect());
    REQUIRE(peer.send({.topic = "allowed", .payload = "x"}));
    REQUIRE(peer.send({.topic = "forbidden", .payload = "x"}));
    REQUIRE(peer.send({.topic = "forbidden/too", .payload = "x"}));
    CHECK(peer.until([&] { return peer.connection.in_flight() == 0; }));
    CHECK(peer.connection.refused() == 2);
    CHECK(peer.connection.refusal("allowed") == 0);
    CHECK(peer.connection.refusal("forbidden") == broker::kNotAuthorized);
    CHECK(peer.connection.refusal("forbidden/too") == broker::kNotAuthorized);
}
