// Goal: no two devices have one series, whatever comes first and after any restart. Method: names
// that could be confused, heard in two orders, must be as many and the same.

#include "drivers/mqtt/formats/naming.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.hpp"
#include "drivers/mqtt/heard.hpp"

using heard::Ear;
using heard::Said;

namespace {

/// The name that each message gives its value, when they are heard in this order.
std::map<std::string, std::string> names_of(const std::string& keys,
                                            const std::vector<Said>& messages) {
    Ear ear{keys};
    std::map<std::string, std::string> names;
    for (const auto& message : messages) {
        const auto said = ear.accept({message});
        names[message.topic + " " + message.payload] = said.substr(0, said.find(' '));
    }
    return names;
}

/// As many names as messages, and the same in any order.
void check_apart(const std::string& keys, std::vector<Said> messages) {
    CAPTURE(keys);
    const auto names = names_of(keys, messages);
    std::set<std::string> distinct;
    for (const auto& [message, name] : names) {
        CAPTURE(message);
        CAPTURE(name);
        CHECK(name != "!");
        CHECK(distinct.insert(name).second);
    }
    std::reverse(messages.begin(), messages.end());
    CHECK(names_of(keys, messages) == names);
}

const std::string kZigbee = "format = \"zigbee2mqtt\"\nquantities_max = 512\n";

}  // namespace

TEST_CASE("devices with names in any alphabet are two series, the same ones after a restart") {
    std::vector<Said> messages;
    for (const char* device :
         {"Кухня",    "Спальня",  "κουζίνα",  "厨房",     "浴室",  "مطبخ",     "🌡",
          "🔥",        "Küche",    "Kuche",    "kuche",    "KUCHE", "Big Room", "big room",
          "big_room", "Big_Room", "big-room", "big.room", "-",     "_",        "unnamed"}) {
        messages.push_back({fmt::format("zigbee2mqtt/{}", device), R"({"temperature":1})"});
    }
    for (const char end : {'a', 'b', 'c'}) {
        messages.push_back({"zigbee2mqtt/" + std::string(80, 'x') + end, R"({"temperature":1})"});
    }
    check_apart(kZigbee, messages);
    CHECK(Ear{kZigbee}.accept({{"zigbee2mqtt/Кухня", R"({"temperature":21.5,"humidity":40})"}}) ==
          "kukhnya-x08a5de26_temperature 21.5 Cel\nkukhnya-x08a5de26_humidity 40 %RH\n");
}

TEST_CASE("where a device's name ends and a quantity's begins is never in doubt") {
    check_apart(kZigbee, {{"zigbee2mqtt/boiler", R"({"device_temperature":1})"},
                          {"zigbee2mqtt/boiler_device", R"({"temperature":1})"},
                          {"zigbee2mqtt/boiler", R"({"temperature":1})"}});
    CHECK(Ear{kZigbee}.accept({{"zigbee2mqtt/boiler_device", R"({"temperature":1})"},
                               {"zigbee2mqtt/boiler", R"({"device_temperature":2})"}}) ==
          "boiler_device__temperature 1 Cel\nboiler_device_temperature 2 Cel\n");
    check_apart("format = \"esphome\"\n", {{"living_room/sensor/temperature/state", "1"},
                                           {"living/sensor/room_temperature/state", "1"},
                                           {"living-room/sensor/temperature/state", "1"},
                                           {"living/binary_sensor/room_temperature/state", "ON"}});
    check_apart("format = \"plain\"\ntopics = [\"a/+/+\"]\nquantity = \"t:Cel\"\n",
                {{"a/b_c/d", "1"}, {"a/b/c_d", "1"}, {"a/b_c_d/e", "1"}, {"a/b/c_d_e", "1"}});
    check_apart("format = \"zigbee2mqtt\"\ntopics = [\"zigbee2mqtt/#\"]\n",
                {{"zigbee2mqtt/kitchen/sensor", R"({"temperature":1})"},
                 {"zigbee2mqtt/kitchen_sensor", R"({"temperature":1})"},
                 {"zigbee2mqtt/kitchen/sensor/a", R"({"temperature":1})"},
                 {"zigbee2mqtt/kitchen_sensor/a", R"({"temperature":1})"},
                 {"zigbee2mqtt/kitchen/sensor_a", R"({"temperature":1})"}});
}

TEST_CASE("devices of two topics are two series although the wildcards stand for the same") {
    check_apart(
        "format = \"plain\"\ntopics = [\"house/+/t\", \"garden/+/t\"]\n"
        "quantity = \"t:Cel\"\n",
        {{"house/north/t", "1"}, {"garden/north/t", "1"}});
    check_apart(
        "format = \"json\"\ntopics = [\"weather/roof\", \"weather/cellar\"]\n"
        "[sensor.quantities]\n\"/t\" = \"t:Cel\"\n",
        {{"weather/roof", R"({"t":1})"}, {"weather/cellar", R"({"t":1})"}});
    check_apart(
        "format = \"esphome\"\n"
        "topics = [\"roof/sensor/+/state\", \"cellar/sensor/+/state\"]\n",
        {{"roof/sensor/temperature/state", "1"}, {"cellar/sensor/temperature/state", "1"}});
    check_apart("format = \"tasmota\"\ntopics = [\"a/tele/+/SENSOR\", \"b/tele/+/SENSOR\"]\n",
                {{"a/tele/x/SENSOR", R"({"DHT11":{"Humidity":40}})"},
                 {"b/tele/x/SENSOR", R"({"DHT11":{"Humidity":40}})"}});
    Ear ear{"format = \"plain\"\ntopics = [\"house/t\", \"garden/t\"]\nquantity = \"t:Cel\"\n"};
    CHECK(ear.accept({{"house/t", "1"}}) == "t 1 Cel\n");
    CHECK(ear.accept({{"garden/t", "2"}}).starts_with("garden-x"));
}

TEST_CASE("Tasmota's capitals need no mark, and any other spelling has one") {
    check_apart("format = \"tasmota\"\n",
                {{"tele/tasmota_0A1B2C/SENSOR", R"({"AM2301":{"Humidity":1}})"},
                 {"tele/tasmota_0A1B2C/SENSOR", R"({"am2301":{"Humidity":1}})"},
                 {"tele/tasmota_0A1B2C/SENSOR", R"({"Am2301":{"Humidity":1}})"},
                 {"tele/tasmota/SENSOR", R"({"0A1B2C_AM2301":{"Humidity":1}})"}});
    Ear ear{"format = \"tasmota\"\n"};
    CHECK(ear.accept({{"tele/tasmota_0A1B2C/SENSOR", R"({"SHT3X-0x44":{"Humidity":1}})"}}) ==
          "tasmota_0a1b2c_sht3x-0x44_humidity 1 %RH\n");
}

TEST_CASE("names made of the same few words never meet") {
    base::Random random(11);
    const std::vector<std::string> words{"a", "b", "a_b", "b_t", "a_", "A", "", "a__b", "t", "й"};
    const auto word = [&] { return words[random.below(words.size())]; };
    std::vector<Said> messages;
    std::set<std::string> topics;
    for (int i = 0; i < 300; ++i) {
        const auto topic = fmt::format("p/{}/{}", word(), word());
        if (topics.insert(topic).second) messages.push_back({topic, R"({"t":1})"});
        if (topics.insert(topic + "b").second) messages.push_back({topic, R"({"bt":1})"});
    }
    check_apart(
        "format = \"json\"\ntopics = [\"p/+/+\"]\nquantities_max = 512\n"
        "[sensor.quantities]\n\"/t\" = \"t:Cel\"\n\"/bt\" = \"b_t:Cel\"\n",
        messages);
}
