#include "central/alerts/outputs/homeassistant/homeassistant.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "base/json.hpp"
#include "central/alerts/outputs/held_broker.hpp"
#include "central/alerts/outputs/some_alert.hpp"

using alerts::HomeAssistant;
using alerts_test::closed;
using alerts_test::HeldBroker;
using alerts_test::some_alert;
using namespace std::chrono_literals;

namespace {

const std::string kArea = "leat/v1/central/house/attention/";
const std::string kConfig = "homeassistant/binary_sensor/leat_attic/attention/config";

struct World {
    World() { start(true, {"attic"}); }

    void start(bool is_enabled, const std::vector<std::string>& nodes) {
        sensors = std::make_unique<HomeAssistant>(
            alerts::HomeAssistantOptions{.is_enabled = is_enabled,
                                         .area = kArea,
                                         .status_topic = "leat/v1/central/house/status",
                                         .version = "0.1.0"},
            broker, counters);
        for (const auto& node : nodes) sensors->know(node);
        broker.tell(kArea, [&](const auto& message) { CHECK(sensors->accept(message)); });
    }
    void run() {
        for (const auto end = now + 2s; now < end; now += 20ms) sensors->tick(now);
    }
    std::string shown(const std::string& node = "attic") const {
        const auto found = broker.held.find(kArea + node);
        return found == broker.held.end() ? "nothing" : found->second;
    }

    HeldBroker broker;
    base::Counters counters;
    std::unique_ptr<HomeAssistant> sensors;
    base::Instant now{1h};
};

}  // namespace

TEST_CASE("a node's sensor joins the device that its agent announces") {
    World world;
    world.run();
    const auto config = base::parse_json(world.broker.held.at(kConfig));
    REQUIRE(config);
    const auto& json = config.value();
    CHECK(json.find("device")->find("identifiers")->array.at(0).string == "leat_attic");
    CHECK(json.find("device_class")->string == "problem");
    CHECK(json.find("unique_id")->string == "leat_attic_attention");
    CHECK(json.find("state_topic")->string == kArea + "attic");
    CHECK(json.find("json_attributes_topic")->string == kArea + "attic");
    CHECK(json.find("availability_topic")->string == "leat/v1/central/house/status");
    CHECK(world.shown() == R"({"state":"OFF","attributes":{"count":0,"since":null,"sentence":null,)"
                           R"("sentences":[]}})");
    // And one for the line.
    CHECK(world.broker.held.contains("homeassistant/binary_sensor/leat_central/attention/config"));
    CHECK(world.shown("-") != "nothing");
}

TEST_CASE("a sensor is on while an alert of its node is open and not silenced") {
    World world;
    auto first = some_alert("00000000000000a1");
    auto second = some_alert("00000000000000a2");
    second.opened += 1min;
    second.severity = detect::Severity::critical;
    second.sentence = "attic is silent";
    world.sensors->offer(first);
    world.sensors->offer(second);
    world.run();
    CHECK(world.shown() ==
          R"({"state":"ON","attributes":{"count":2,"since":"2025-11-20T12:00:00Z",)"
          R"("sentence":"attic is silent","sentences":["attic is silent",)"
          R"("attic/climate.temperature: 41 °C, above 30 °C since 12:00"]}})");
    second.is_silenced = true;
    world.sensors->offer(second);
    world.run();
    CHECK(world.shown().find(R"("count":1)") != std::string::npos);
    first.state = alerts::State::unknown;  // It may still hold.
    world.sensors->offer(first);
    world.run();
    CHECK(world.shown().find(R"("state":"ON")") != std::string::npos);
    world.sensors->offer(closed(first));
    world.run();
    CHECK(world.shown().find(R"("state":"OFF")") != std::string::npos);
    CHECK(world.sensors->take_delivered().size() == 1);
    // The line's own alerts are not a node's.
    first.node.clear();
    world.sensors->offer(first);
    world.run();
    CHECK(world.shown("-").find(R"("state":"ON")") != std::string::npos);
    CHECK(world.shown().find(R"("state":"OFF")") != std::string::npos);
}

TEST_CASE("the sensor of a node that was forgotten is removed, the others stay") {
    World world;
    world.sensors->know("cellar");
    world.run();
    REQUIRE(world.broker.held.size() == 6);
    world.start(true, {"cellar"});
    // Its alerts outlive it for a moment.
    world.sensors->offer(some_alert());
    world.sensors->offer(closed(some_alert()));
    const auto before = world.broker.published.size();
    world.run();
    CHECK_FALSE(world.broker.held.contains(kConfig));
    CHECK(world.shown() == "nothing");
    CHECK(world.shown("cellar") != "nothing");
    CHECK(world.broker.held.size() == 4);
    // The state goes last: it says of whom there was a sensor.
    std::size_t config = 0;
    std::size_t state = 0;
    for (auto i = before; i < world.broker.published.size(); ++i) {
        if (world.broker.published[i].topic == kConfig) config = i;
        if (world.broker.published[i].topic == kArea + "attic") state = i;
    }
    CHECK(config < state);
}

TEST_CASE("switched off, all sensors are removed, and none is made") {
    World world;
    world.run();
    world.start(false, {"attic"});
    world.sensors->offer(some_alert());
    world.run();
    CHECK(world.broker.held.empty());
    world.start(false, {"attic"});
    const auto before = world.broker.published.size();
    world.run();
    CHECK(world.broker.published.size() == before);
}
