#include "drivers/mqtt/options/options.hpp"

#include <doctest/doctest.h>

#include "drivers/core/registry.hpp"
#include "drivers/mqtt/heard.hpp"

using heard::wrong;

namespace {

struct Wrong {
    const char* keys;
    const char* said;
};

const Wrong kWrong[] = {
    {"", "format is missing; one of: zigbee2mqtt, tasmota, esphome, homie, plain, json"},
    {"format = \"zigbe2mqtt\"\n", "did you mean \"zigbee2mqtt\"?"},
    {"format = \"json\"\ntopics = [\"a\"]\n", "quantities: name at least one"},
    {"format = \"json\"\n[sensor.quantities]\n\"/t\" = \"t:Cel\"\n", "topics: name at least one"},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\nt = \"t:Cel\"\n",
     "\"t\" is not a JSON pointer: write \"/member\""},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/t\" = \"t\"\n",
     "/t: write it as \"t:unit\""},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/t\" = \"T T:Cel\"\n",
     "\"T T\" is no quantity name; \"t_t\" would be one"},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/a\" = \"t:V\"\n\"/b\" = "
     "\"t:V\"\n",
     "another is t already"},
    {"format = \"plain\"\ntopics = [\"a\"]\n", "sensor.quantity is missing"},
    {"format = \"plain\"\ntopics = [\"a\"]\nquantity = \"t:V\"\n[sensor.quantities]\nx = \"t:V\"\n",
     "[sensor.quantities] is not for format = \"plain\""},
    {"format = \"homie\"\nquantity = \"t:V\"\n", "quantity is for format = \"plain\""},
    {"format = \"zigbee2mqtt\"\ntopics = [\"a/#/b\"]\n", "# must come last"},
    {"format = \"zigbee2mqtt\"\ntopics = [\"a/+\", \"+/b\"]\n",
     "\"a/+\" and \"+/b\" overlap: a message that matches both would arrive, and count, twice"},
    {"format = \"zigbee2mqtt\"\ntopics = [\"a\"]\n", "write it as <base_topic>/+"},
    {"format = \"tasmota\"\ntopics = [\"tele/#\"]\n", "write it as tele/+/SENSOR"},
    {"format = \"esphome\"\ntopics = [\"a/#\"]\n", "write it as <topic_prefix>/sensor/+/state"},
    {"format = \"homie\"\ntopics = [\"homie/#\"]\n", "write it as homie/<device>/<node>"},
    {"format = \"homie\"\ntime_pointer = \"/t\"\n", "have no time that can be trusted"},
    {"format = \"tasmota\"\ntime_pointer = \"/Time\"\n", "have no time that can be trusted"},
    {"format = \"zigbee2mqtt\"\ntime_format = \"unix\"\n", "the format of a time_pointer"},
    {"format = \"zigbee2mqtt\"\ntime_pointer = \"/t\"\ntime_format = \"%Q\"\n", "time_format: "},
    {"format = \"zigbee2mqtt\"\nretained = \"keep\"\n", "retained = \"keep\""},
    {"format = \"zigbee2mqtt\"\nquantities_max = 0\n", "quantities_max"},
    {"format = \"zigbee2mqtt\"\navailability = [\"a+\"]\n", "availability: \"a+\""},
    {"format = \"plain\"\ntopics = [\"a\"]\nquantity = \"t:V\"\nby = [\"id\"]\n",
     "by: payloads of this format have no members"},
    {"format = \"zigbee2mqtt\"\nby = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n", "by: at most 4"},
    {"format = \"zigbee2mqtt\"\n[sensor.quantities]\nx = \"temperature:F\"\n",
     "\"F\" is the unit of electric capacitance; write degF"},
    {"format = \"zigbee2mqtt\"\n[sensor.quantities]\nx = \"x:…\"\n",
     "x: write its unit in place of …: Cel, %RH, lx, W, or / for a number without one"},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/temperature_F\" = \"t:Cel\"\n",
     "/temperature_F: its name says that it is in degF: write \"t:degF\""},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/battery_mV\" = \"battery:V\"\n",
     "/battery_mV: its name says that it is in mV: write \"battery:mV\""},
    {"format = \"json\"\ntopics = [\"a\"]\n[sensor.quantities]\n\"/tempf\" = \"t:Cel\"\n",
     "/tempf: its name says that it is in degF: write \"t:degF\""},
    {"format = \"plain\"\ntopics = [\"a\"]\nquantity = \"t:Cel\"\ndecimal = \";\"\n", "decimal"},
    {"format = \"zigbee2mqtt\"\ntopic = [\"a/+\"]\n", "did you mean \"topics\"?"},
};

std::string texts(const std::vector<drivers::mqtt::TopicFilter>& filters) {
    std::string result;
    for (const auto& filter : filters) result += filter.text() + "\n";
    return result;
}

std::string subscriptions(const std::string& keys) {
    return texts(drivers::mqtt::subscriptions_of(heard::options(keys)));
}

}  // namespace

TEST_CASE("an error in the keys says what to write") {
    for (const auto& row : kWrong) {
        CAPTURE(row.keys);
        const auto said = wrong(row.keys);
        CAPTURE(said);
        CHECK(said.find(row.said) != std::string::npos);
        CHECK(said.find("test.toml:") != std::string::npos);
    }
}

TEST_CASE("the devices' broker has the keys of [broker], and all of them are checked") {
    const auto said = [](const std::string& keys) {
        auto root = base::Settings::parse(
            "[[sensor]]\nname = \"a\"\nformat = \"homie\"\n[sensor.broker]\n" + keys, "test.toml");
        REQUIRE(root);
        auto settings = std::move(root).value();
        auto sensor = settings.tables("sensor").at(0);
        sensor.text("name", "");
        drivers::find_driver_kind("mqtt")->read_settings(sensor);
        const auto checked = settings.check();
        return checked ? std::string{} : checked.error().detail;
    };
    CHECK(said("address = \"ssl://house:8883\"\nca_file = \"/etc/ca.pem\"\n").empty());
    CHECK(said("addres = \"tcp://house\"\n").find("test.toml:5:") == 0);
    CHECK(said("addres = \"tcp://house\"\n").find("\"address\"") != std::string::npos);
    CHECK(said("address = \"house\"\n").find("is not a broker address") != std::string::npos);
    CHECK(said("password_file = \"/p\"\n").find("needs a user") != std::string::npos);
}

TEST_CASE("what explains values is subscribed to before them, and nothing twice") {
    CHECK(subscriptions("format = \"zigbee2mqtt\"\n") ==
          "zigbee2mqtt/bridge/state\nzigbee2mqtt/+/availability\nzigbee2mqtt/+\n");
    CHECK(subscriptions("format = \"zigbee2mqtt\"\ntopics = [\"z/#\"]\n") == "z/#\n");
    CHECK(subscriptions("format = \"zigbee2mqtt\"\ntopics = [\"z/a\", \"z/b\"]\n") ==
          "z/bridge/state\nz/a/availability\nz/b/availability\nz/a\nz/b\n");
    CHECK(subscriptions("format = \"tasmota\"\ntopics = [\"tele/+/SENSOR\", \"tele/+/STATE\"]\n") ==
          "tele/+/LWT\ntele/+/SENSOR\ntele/+/STATE\n");
    CHECK(subscriptions("format = \"esphome\"\n") ==
          "+/status\n+/sensor/+/state\n+/binary_sensor/+/state\n");
    CHECK(subscriptions("format = \"homie\"\n") ==
          "homie/+/+/+/$unit\nhomie/+/+/+/$datatype\nhomie/+/$state\nhomie/+/+/+\n");
    CHECK(subscriptions("format = \"zigbee2mqtt\"\navailability = []\n") == "zigbee2mqtt/+\n");
}
