// Goal: Home Assistant receives the announcement whenever it may need it. Method: the agent with
// scripted sensors, a connection that the test controls, a clock that stands still.

#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "agent/node/served_node.hpp"

namespace {

using namespace std::chrono_literals;
using Node = agent_test::ServedNode;
using agent_test::text;

std::vector<base::Json> announcements(const Node& node) {
    std::vector<base::Json> result;
    for (const auto& message : node.connection.on("homeassistant/device/leat_n/config")) {
        CHECK(message.retain);
        auto json = base::parse_json(message.payload);
        REQUIRE(json);
        result.push_back(std::move(json).value());
    }
    return result;
}

}  // namespace

TEST_CASE("every value announced to Home Assistant is in the messages that it names") {
    Node node;
    node.say(node.mute, 1);
    node.run(10s);
    const auto announced = announcements(node);
    REQUIRE(announced.size() == 1);
    const auto& json = announced[0];
    CHECK(text(json, "state_topic") == "leat/v1/n/state");
    const auto state = base::parse_json(node.connection.on("leat/v1/n/state").back().payload);
    const auto status = base::parse_json(node.connection.on("leat/v1/n/status").back().payload);
    REQUIRE(state);
    REQUIRE(status);
    const std::regex series_path{
        R"(\{% set r = value_json\['([^']+)'\] %\}\{\{ .* else None \}\})"};
    const std::regex member_path{R"(\{\{ value_json\.(\w+)(?:\.(\w+))? if value_json\.\1 is .*)"};
    std::set<std::string> ids;
    for (const auto& [key, component] : json.find("components")->object) {
        INFO(std::string{key});
        CHECK(ids.insert(text(component, "unique_id")).second);
        const auto path = text(component, "value_template");
        std::smatch match;
        if (text(component, "state_topic").empty()) {
            REQUIRE(std::regex_match(path, match, series_path));
            const auto* entry = state.value().find(match[1].str());
            REQUIRE(entry != nullptr);
            CHECK(entry->find("value")->is_number());
            CHECK(entry->find("t")->is_number());
        } else {
            CHECK(text(component, "state_topic") == "leat/v1/n/status");
            REQUIRE(std::regex_match(path, match, member_path));
            const auto* member = status.value().find(match[1].str());
            REQUIRE(member != nullptr);
            if (match[2].matched) CHECK(member->find(match[2].str()) != nullptr);
        }
    }
    CHECK(ids.size() == 4);  // Two series that have spoken, clock, outbox.
}

TEST_CASE("units, classes and staleness are what Home Assistant accepts") {
    Node node;
    node.say(node.mute, 1);
    node.run(10s);
    const auto announced = announcements(node);
    REQUIRE(announced.size() == 1);
    const auto* components = announced[0].find("components");
    const auto* temperature = components->find("climate.temperature");
    REQUIRE(temperature != nullptr);
    CHECK(text(*temperature, "platform") == "sensor");
    CHECK(text(*temperature, "unit_of_measurement") == "°C");
    CHECK(text(*temperature, "device_class") == "temperature");
    CHECK(text(*temperature, "state_class") == "measurement");
    CHECK(temperature->find("expire_after")->number == 180);
    CHECK(text(*temperature, "value_template").find("< 180000") != std::string::npos);
    const auto* motion = components->find("hall.motion");
    REQUIRE(motion != nullptr);
    CHECK(text(*motion, "platform") == "binary_sensor");
    CHECK(text(*motion, "device_class") == "motion");
    CHECK(motion->find("unit_of_measurement") == nullptr);
    CHECK(motion->find("state_class") == nullptr);
    CHECK(motion->find("expire_after") == nullptr);
}

TEST_CASE(
    "a node announces itself on connect, with new series, and soon after Home Assistant's start") {
    Node node;
    node.run(1min);
    CHECK(announcements(node).size() == 1);
    node.run(1h, 1s);
    CHECK(announcements(node).size() == 1);
    node.say(node.mute, 0);
    node.run(10s);
    CHECK(announcements(node).size() == 2);
    node.connection.disconnect();
    node.run(1s);
    node.connection.connect();
    node.run(10s);
    CHECK(announcements(node).size() == 3);
    const broker::Message birth{
        .topic = "homeassistant/status", .payload = "online", .retained = false};
    auto other = birth;
    other.payload = "offline";
    auto old = birth;
    old.retained = true;
    node.connection.inbox = {other, old};
    node.run(30s);
    CHECK(announcements(node).size() == 3);
    node.connection.inbox = {birth};
    node.run(11s);
    CHECK(announcements(node).size() == 4);
    CHECK(node.counters.sum("leat_agent_messages_ignored_total") == 0);
}

TEST_CASE("nodes that hear of Home Assistant's start at once do not answer at once") {
    std::set<int> moments;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Node node(60s, seed);
        node.run(10s, 100ms);
        node.connection.published.clear();
        node.connection.inbox = {{.topic = "homeassistant/status", .payload = "online"}};
        int step = 0;
        while (announcements(node).empty() && step < 200) {
            node.run(100ms, 100ms);
            ++step;
        }
        CHECK(step <= 102);
        moments.insert(step);
    }
    CHECK(moments.size() > 10);
}
