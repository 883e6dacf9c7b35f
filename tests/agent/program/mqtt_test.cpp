// Goal: what devices publish to a real broker is in the real agent's outbox, once per message.
// Method: leat-agent and Mosquitto as processes; the devices and an observer are clients of the
// test. The observer learns from the node's retained state when a value has arrived. Then the agent
// is stopped and its outbox read. Reproduce: ctest -R agent_mqtt_test.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <map>

#include "base/json.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "lib/broker/peer.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;
using support::Process;

constexpr auto kPatience = 60s;

constexpr const char* kConfig = R"([node]
name = "n"

[broker]
address = "{0}"

[outbox]
path = "{1}/outbox.db"
flush = "100ms"

[[sensor]]
name = "home"
driver = "mqtt"
{2}
[sensor.broker]
address = "{0}"
)";

/// What a device called "Front Door" is in the name of a series.
constexpr const char* kFrontDoor = "front_door-x4254fadb";

/// What the outbox holds.
struct Held {
    std::string names;                                  // The position of the sensor.
    std::map<std::string, std::vector<double>> values;  // By series, in order.
    std::vector<std::string> faults;
};

void add(const wire::Data& data, Held& held) {
    for (const auto& column : data.columns) {
        const auto& raw = std::get<wire::RawColumn>(column.points);
        auto& values = held.values[column.series];
        values.insert(values.end(), raw.values.begin(), raw.values.end());
    }
}

Held read_outbox(const std::string& path) {
    delivery::SqliteOutboxOptions options;
    options.path = path;
    options.node = "n";
    const auto outbox = delivery::SqliteOutbox::open(options);
    REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
    const auto records = outbox.value()->read(0, 100'000, 64'000'000);
    REQUIRE(records);
    Held held;
    held.names = outbox.value()->position("home").value_or("");
    for (const auto& stored : records.value()) {
        const auto record = wire::decode_record(stored.line);
        REQUIRE(record);
        if (const auto* data = std::get_if<wire::Data>(&record.value().body)) add(*data, held);
        if (const auto* fault = std::get_if<wire::SensorFault>(&record.value().body)) {
            held.faults.push_back(fault->reason);
        }
    }
    return held;
}

struct House {
    explicit House(const std::string& keys = "format = \"zigbee2mqtt\"\n")
        : devices(options_for(broker, "devices")),
          onlooker(options_for(broker, "onlooker", {{"leat/v1/n/state", 1}})) {
        config = folder.write("agent.toml", fmt::format(fmt::runtime(kConfig), broker.url(),
                                                        folder.path().string(), keys));
        REQUIRE(devices.connect());
    }

    Process start_agent() const {
        return Process::start({.argv = {places::program("leat-agent"), "run", "--config", config},
                               .environment = {},
                               .log_file = folder.file("log"),
                               .folder = folder.path().string()});
    }

    void publish(const std::string& topic, const std::string& payload, bool retain = false) {
        REQUIRE(devices.send({.topic = topic, .payload = payload, .retain = retain}));
    }

    /// Whether the node's state shows that value of a device; repeats `act` until it does.
    template <class Act>
    bool shows(const std::string& device, double value, Act act) {
        return onlooker.until(
            [&] {
                act();
                while (const auto message = onlooker.connection.take()) state = message->payload;
                const auto json = base::parse_json(state);
                const auto* series =
                    json ? json.value().find("home." + device + "_temperature") : nullptr;
                return series != nullptr && series->find("value")->number == value;
            },
            kPatience);
    }

    /// Waits until the agent receives messages, by those of a device that is not counted.
    bool hears(double probe) {
        return shows("probe", probe, [&] {
            devices.tick();
            if (devices.connection.session() == 0) return;
            // A message that finds no room or no connection is published again.
            static_cast<void>(devices.connection.publish(
                {.topic = "zigbee2mqtt/probe", .payload = temperature(probe)}));
        });
    }

    static std::string temperature(double value) {
        return fmt::format(R"({{"temperature":{}}})", value);
    }

    Held stop(Process& agent) const {
        agent.kill(SIGTERM);
        REQUIRE(agent.wait(10s) == 0);
        return read_outbox(folder.file("outbox.db"));
    }

    support::TemporaryFolder folder;
    support::Mosquitto broker;
    std::string config;
    Peer devices;
    Peer onlooker;
    std::string state;
};

/// 300 messages of each of two devices, alternating.
void publish_series(House& house, int from) {
    for (int i = from; i < from + 300; ++i) {
        house.publish("zigbee2mqtt/kitchen", House::temperature(i));
        house.publish("zigbee2mqtt/Front Door", House::temperature(10'000 + i));
    }
}

std::vector<double> counted(int count, double first) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(first + i);
    return values;
}

}  // namespace

TEST_CASE("every message is in the outbox once, in order, and a broker restart changes nothing") {
    House house;
    auto agent = house.start_agent();
    REQUIRE(house.hears(1000));
    publish_series(house, 0);
    REQUIRE(house.shows(kFrontDoor, 10'299, [] {}));
    house.broker.restart();
    REQUIRE(house.devices.until([&] { return house.devices.connection.session() > 1; }));
    REQUIRE(house.hears(2000));
    publish_series(house, 300);
    REQUIRE(house.shows(kFrontDoor, 10'599, [] {}));
    const auto held = house.stop(agent);
    CHECK(held.values.at("home.kitchen_temperature") == counted(600, 0));
    CHECK(held.values.at(fmt::format("home.{}_temperature", kFrontDoor)) == counted(600, 10'000));
}

TEST_CASE("rooms in any alphabet keep their series over a restart, whoever comes first") {
    const std::string kitchen = "kukhnya-x08a5de26";
    const std::string bedroom = "spalnya-x50ae6791";
    House house;
    auto agent = house.start_agent();
    REQUIRE(house.hears(1000));
    house.publish("zigbee2mqtt/Кухня", House::temperature(21.5));
    house.publish("zigbee2mqtt/Спальня", House::temperature(3));
    REQUIRE(house.shows(bedroom, 3, [] {}));
    const auto before = house.stop(agent);
    CHECK(before.names.find(R"("kukhnya-x08a5de26_temperature":"zigbee2mqtt/Кухня temperature")") !=
          std::string::npos);
    agent = house.start_agent();
    REQUIRE(house.hears(2000));
    house.publish("zigbee2mqtt/Спальня", House::temperature(4));
    house.publish("zigbee2mqtt/Кухня", House::temperature(22.5));
    REQUIRE(house.shows(kitchen, 22.5, [] {}));
    const auto held = house.stop(agent);
    CHECK(held.values.at("home." + kitchen + "_temperature") == std::vector<double>{21.5, 22.5});
    CHECK(held.values.at("home." + bedroom + "_temperature") == std::vector<double>{3, 4});
    CHECK(held.names == before.names);
}

TEST_CASE("what the broker retains is not a reading, but it shows which devices are gone") {
    House house;
    house.publish("zigbee2mqtt/kitchen", House::temperature(5), true);
    house.publish("zigbee2mqtt/lamp/availability", R"({"state":"offline"})", true);
    auto agent = house.start_agent();
    REQUIRE(house.hears(1000));
    const auto held = house.stop(agent);
    CHECK_FALSE(held.values.contains("home.kitchen_temperature"));
    CHECK(held.faults == std::vector<std::string>{"offline: zigbee2mqtt/lamp"});
}

TEST_CASE("what the broker remembers is a reading when the operator says so") {
    House house{"format = \"zigbee2mqtt\"\nretained = \"take\"\n"};
    house.publish("zigbee2mqtt/kitchen", House::temperature(5), true);
    auto agent = house.start_agent();
    REQUIRE(house.hears(1000));
    REQUIRE(house.shows("kitchen", 5, [] {}));
    const auto held = house.stop(agent);
    CHECK(held.values.at("home.kitchen_temperature") == std::vector<double>{5});
    CHECK(held.faults.empty());
}

TEST_CASE("Homie's attributes come before the values that they explain, though all are retained") {
    House house{"format = \"homie\"\nretained = \"take\"\n"};
    house.publish("homie/therm/air/temperature", "77", true);
    house.publish("homie/therm/air/temperature/$datatype", "float", true);
    house.publish("homie/therm/air/temperature/$unit", "°F", true);
    house.publish("homie/therm/$state", "ready", true);
    auto agent = house.start_agent();
    REQUIRE(house.shows("therm_air", 25, [] {}));
    house.publish("homie/therm/air/temperature", "86", true);
    REQUIRE(house.shows("therm_air", 30, [] {}));
    const auto held = house.stop(agent);
    CHECK(held.values.at("home.therm_air_temperature") == std::vector<double>{25, 30});
    CHECK(held.faults.empty());
}

TEST_CASE("a bad payload is a fault with its topic, and the next one is a reading") {
    House house;
    auto agent = house.start_agent();
    REQUIRE(house.hears(1000));
    house.publish("zigbee2mqtt/kitchen", "{\"temperature\":");
    house.publish("zigbee2mqtt/kitchen", House::temperature(7));
    REQUIRE(house.shows("kitchen", 7, [] {}));
    const auto held = house.stop(agent);
    CHECK(held.values.at("home.kitchen_temperature") == std::vector<double>{7});
    CHECK(held.faults == std::vector<std::string>{"not JSON at byte 16: zigbee2mqtt/kitchen"});
}
