#include "central/alerts/outputs/mqtt/mqtt.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>

#include "central/alerts/outputs/held_broker.hpp"
#include "central/alerts/outputs/some_alert.hpp"
#include "places.hpp"

using alerts::Delivered;
using alerts::Mqtt;
using alerts_test::closed;
using alerts_test::HeldBroker;
using alerts_test::some_alert;
using namespace std::chrono_literals;

namespace {

const std::string kArea = "leat/v1/alert/house/";
const std::string kTopic = kArea + "attic/00000000000000a1";

struct World {
    World() { start(); }

    /// As central does it: the broker tells what it holds as soon as it is subscribed to.
    void start() {
        mqtt = std::make_unique<Mqtt>(kArea, broker, counters);
        if (broker.session_number != 0) listen();
    }
    void listen() {
        broker.tell(kArea, [&](const auto& message) { CHECK(mqtt->accept(message)); });
    }
    void reconnect() {
        broker.session_number = 0;
        run(10ms);
        static std::uint64_t next = 100;
        broker.session_number = ++next;
        listen();
    }
    void run(base::Duration duration = 3s) {
        for (const auto end = now + duration; now < end; now += 20ms) {
            mqtt->tick(now);
            for (auto& what : mqtt->take_delivered()) delivered.push_back(std::move(what));
        }
    }

    HeldBroker broker;
    base::Counters counters;
    std::unique_ptr<Mqtt> mqtt;
    base::Instant now{1h};
    std::vector<Delivered> delivered;
};

}  // namespace

TEST_CASE("an alert is retained until it is closed") {
    World world;
    auto alert = some_alert();
    world.mqtt->offer(alert);
    world.run();
    REQUIRE(world.broker.held.size() == 1);
    base::JsonWriter json;
    write_alert(json, alert);
    CHECK(world.broker.held.at(kTopic) == json.text());
    CHECK(world.broker.published[0].retain);
    CHECK(world.broker.published[0].qos == 1);
    CHECK(world.delivered.empty());  // So that it is offered again after a restart.
    world.mqtt->offer(closed(alert));
    world.run();
    CHECK(world.broker.held.empty());
    CHECK(world.delivered == std::vector<Delivered>{{.id = alert.id, .revision = 2}});
}

TEST_CASE("an alert is written as docs/wire.md shows it") {
    std::ifstream in(places::source("docs/wire.md"));
    std::string line;
    while (std::getline(in, line) && line != "```json golden alert") continue;
    REQUIRE(std::getline(in, line));
    base::JsonWriter json;
    write_alert(json, some_alert());
    CHECK(json.text() == line);
}

TEST_CASE("an alert of the whole line has a topic that no node has") {
    auto alert = some_alert();
    alert.node.clear();
    CHECK(alerts::alert_topic(kArea, alert) == kArea + "-/00000000000000a1");
}

TEST_CASE("after a restart nothing is said twice, and what nobody offers any more is removed") {
    World world;
    world.mqtt->offer(some_alert());
    world.mqtt->offer(some_alert("00000000000000a2"));
    world.run();
    REQUIRE(world.broker.published.size() == 2);
    world.broker.held["leat/v1/alert/other/attic/00000000000000a3"] = "another central's";
    world.start();
    world.mqtt->offer(some_alert());
    world.run();
    REQUIRE(world.broker.published.size() == 3);
    CHECK(world.broker.published[2].topic == kArea + "attic/00000000000000a2");
    CHECK(world.broker.published[2].payload.empty());
    CHECK(world.broker.held.size() == 2);
}

TEST_CASE("what the broker has not told yet is not taken for gone") {
    World world;
    world.mqtt->offer(some_alert());
    world.run(900ms);
    CHECK(world.broker.published.empty());
    world.run(300ms);
    CHECK(world.broker.published.size() == 1);
}

TEST_CASE("while the broker is away nothing is lost, and only the newest form is sent") {
    World world;
    world.mqtt->offer(some_alert("00000000000000a2"));
    world.run();
    world.broker.published.clear();
    world.broker.session_number = 0;
    world.mqtt->offer(some_alert("00000000000000a1", 1));
    world.mqtt->offer(some_alert("00000000000000a1", 2));
    world.mqtt->offer(closed(some_alert("00000000000000a2")));
    world.run();
    CHECK(world.broker.published.empty());
    CHECK(world.delivered.empty());
    world.reconnect();
    world.run();
    REQUIRE(world.broker.published.size() == 2);
    CHECK(world.broker.published[0].payload.find("\"revision\":2") != std::string::npos);
    CHECK(world.broker.published[1].payload.empty());
    CHECK(world.delivered == std::vector<Delivered>{{.id = "00000000000000a2", .revision = 2}});
}

TEST_CASE("a broker that has lost everything gets it again, one that has it does not") {
    World world;
    world.mqtt->offer(some_alert());
    world.run();
    world.reconnect();
    world.run();
    CHECK(world.broker.published.size() == 1);
    world.broker.lose_everything();
    world.reconnect();
    world.run();
    CHECK(world.broker.published.size() == 2);
    CHECK(world.broker.held.contains(kTopic));
}

TEST_CASE("what the broker tells before its session is up counts for that session") {
    World world;
    world.mqtt->offer(some_alert());
    world.run();
    world.broker.session_number = 0;
    world.run(100ms);
    world.listen();  // One subscription of several is confirmed.
    world.run(100ms);
    world.broker.session_number = 2;
    world.run();
    CHECK(world.broker.published.size() == 1);
}

TEST_CASE("no more is sent in a tick than the connection takes") {
    World world;
    world.run();
    for (int i = 0; i < 50; ++i) world.mqtt->offer(some_alert(std::to_string(i)));
    world.broker.room = 10;
    world.mqtt->tick(world.now);
    CHECK(world.broker.published.size() == 4);
    world.run(1s);
    CHECK(world.broker.published.size() == 10);
    world.broker.room = 100;
    world.run(1s);
    CHECK(world.broker.held.size() == 50);
}

TEST_CASE("a broker that refuses is told of, and others' messages are not ours") {
    World world;
    world.broker.refusal_code = broker::kNotAuthorized;
    world.mqtt->offer(some_alert());
    world.run();
    CHECK(world.mqtt->trouble() ==
          "the broker refuses " + kTopic + ", reason 0x87: let central's user write there");
    CHECK(world.counters.sum("leat_central_alerts_given_up_total") == 1);
    CHECK_FALSE(world.mqtt->accept({.topic = "leat/v1/attic/status", .payload = "x"}));
}
