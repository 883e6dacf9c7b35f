#include "central/service/bridges.hpp"

#include <doctest/doctest.h>

#include <string>

#include "central/service/broker_pulse.hpp"

using namespace std::chrono_literals;
using central::Bridges;
using central::BrokerPulse;

namespace {

base::Instant second(int number) {
    return base::Instant{} + std::chrono::seconds{number};
}

struct World {
    Bridges bridges{{}};

    World() { bridges.wait_anew(second(0)); }

    void say(const std::string& id, const std::string& state, int at,
             const std::string& redis = "ready") {
        CHECK(
            bridges.accept({.topic = "leat/v1/bridge/" + id + "/status",
                            .payload = R"({"state":")" + state + R"(","redis":")" + redis + "\"}"},
                           second(at)));
    }
    /// Empty when all is well.
    std::string trouble(int at) const {
        const auto status = bridges.status(second(at));
        return status ? "" : status.error().detail;
    }
};

/// A connection in the state that a test gives it.
class StatedConnection final : public broker::Connection {
  public:
    std::string what;

    void tick(base::Instant /*now*/) override {}
    std::uint64_t session() const override { return what.empty() ? 1 : 0; }
    base::Status publish(broker::Outgoing /*message*/) override { return base::Done{}; }
    std::optional<broker::Message> take() override { return std::nullopt; }
    std::string trouble() const override { return what; }
};

}  // namespace

TEST_CASE("a bridge that is silent for more than five seconds is named, even beside another") {
    World world;
    world.say("one", "ready", 10);
    world.say("two", "ready", 15);
    CHECK(world.trouble(15).empty());
    CHECK(world.trouble(16) == "bridge one is silent: it is frozen, or cut off from the broker");
    world.say("one", "ready", 17);
    CHECK(world.trouble(18).empty());
}

TEST_CASE("a bridge that said goodbye, or is lost, is no trouble while another works") {
    World world;
    world.say("one", "ready", 10);
    world.say("two", "lost", 10);
    CHECK(world.trouble(11).empty());
    world.say("one", "disconnected", 12);
    CHECK(world.trouble(12) == "bridge two is gone, and no other runs");
    CHECK(world.bridges.accept({.topic = "leat/v1/bridge/two/status", .payload = ""}, second(13)));
    CHECK(world.trouble(13) == "no bridge runs; start leat-bridge");
}

TEST_CASE("a bridge that does not store everything says why") {
    World world;
    world.say("one", "ready", 10, "no answer within 2000 ms");
    CHECK(world.trouble(10) == "bridge one does not store everything: no answer within 2000 ms");
}

TEST_CASE("nothing is concluded before the bridges had time to be heard") {
    World world;
    CHECK(world.trouble(5).empty());
    CHECK_FALSE(world.trouble(6).empty());
    world.say("one", "ready", 6);
    world.bridges.wait_anew(second(60));
    CHECK(world.trouble(65).empty());
    CHECK_FALSE(world.trouble(66).empty());
}

TEST_CASE("the topics of nodes and other programs are none of a bridge's") {
    World world;
    for (const char* topic :
         {"leat/v1/attic/status", "leat/v1/bridge/status", "leat/v1/central/one/status",
          "leat/v1/bridge/a/b/status", "leat/v1/bridge//status", "other/bridge/one/status"}) {
        CAPTURE(topic);
        CHECK_FALSE(world.bridges.accept({.topic = topic, .payload = "{}"}, second(1)));
    }
}

TEST_CASE("the number of bridges is limited") {
    Bridges bridges{{.bridges_max = 1}};
    for (const char* id : {"one", "two"}) {
        bridges.accept({.topic = std::string{"leat/v1/bridge/"} + id + "/status",
                        .payload = R"({"state":"lost"})"},
                       second(1));
    }
    CHECK(bridges.status(second(10)).error().detail == "bridge one is gone, and no other runs");
}

TEST_CASE("a broker that confirms nothing for two seconds does not work, connected or not") {
    BrokerPulse pulse;
    StatedConnection connection;
    const auto observe = [&](std::size_t unconfirmed, base::Duration from, base::Duration to) {
        for (auto at = from; at <= to; at += 100ms) {
            pulse.observe(connection, unconfirmed, second(0) + at);
        }
    };
    observe(0, 1s, 1s);
    CHECK(pulse.status());
    CHECK(pulse.is_sure());
    observe(1, 1100ms, 3s);
    CHECK(pulse.status());
    CHECK_FALSE(pulse.is_sure());
    observe(2, 3100ms, 3200ms);
    REQUIRE_FALSE(pulse.status());
    CHECK(pulse.status().error().detail.find("confirms nothing") != std::string::npos);
    pulse.observe(connection, 0, second(6));
    CHECK(pulse.status());
    connection.what = "connection refused";
    pulse.observe(connection, 0, second(7));
    REQUIRE_FALSE(pulse.status());
    CHECK(pulse.status().error().detail == "connection refused");
}

TEST_CASE("what central itself waited for is not held against the broker") {
    BrokerPulse pulse;
    StatedConnection connection;
    pulse.observe(connection, 1, second(1));
    // Redis did not answer for two seconds, and again: central did not look meanwhile.
    for (int at : {3, 5, 7, 9}) {
        pulse.observe(connection, 1, second(at));
        CHECK(pulse.status());
    }
    for (int tenth = 1; tenth <= 21; ++tenth) {
        pulse.observe(connection, 1, second(9) + tenth * 100ms);
    }
    CHECK_FALSE(pulse.status());
}
