#include "drivers/serial/devices.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "drivers/serial/rig.hpp"

using serial_test::Rig;
using Texts = std::vector<std::string>;

TEST_CASE("lines of several devices are several series, when the settings say by what") {
    Rig rig("by = [\"id\", \"channel\"]\n");
    rig.say("{\"id\":1,\"channel\":\"a\",\"temperature\":21}\n");
    rig.say(
        "{\"channel\":\"a\",\"temperature\":5,\"id\":2}\n{\"id\":1,\"channel\":\"b\","
        "\"temperature\":7}\n");
    CHECK(rig.take_readings() ==
          Texts{"1-a-temperature=21", "2-a-temperature=5", "1-b-temperature=7"});
    CHECK(rig.take_failures().empty());
    CHECK(rig.take_told().empty());
}

TEST_CASE("two keys that say together the same as two others are two devices") {
    Rig rig("by = [\"id\", \"channel\"]\n");
    rig.say("{\"id\":\"a-b\",\"channel\":\"c\",\"temperature\":21}\n");
    rig.say("{\"id\":\"a\",\"channel\":\"b-c\",\"temperature\":21}\n");
    const auto readings = rig.take_readings();
    CHECK(std::set<std::string>{readings.begin(), readings.end()}.size() == 2);
}

TEST_CASE("a line that does not say its device is refused") {
    Rig rig("by = [\"id\"]\n");
    rig.say("{}\n{\"temperature\":21}\n{\"id\":1,\"temperature\":22}\n");
    CHECK(rig.take_readings() == Texts{"1-temperature=22"});
    CHECK(
        rig.take_failures() ==
        Texts{
            "not understood: \"{\"temperature\":21}\": it does not say \"id\", so which device?"});
}

TEST_CASE("a key that tells devices apart and is not mentioned is told, once") {
    Rig rig("ignore = [\"id\"]\n");
    for (int i = 0; i < 5; ++i) {
        rig.say("{\"id\":1,\"temperature\":21.0}\n{\"id\":2,\"temperature\":5.0}\n");
    }
    CHECK(rig.take_readings().size() == 10);
    CHECK(rig.take_told() ==
          Texts{"\"id\" is \"1\" and \"2\": two devices? Then by = [\"id\"]; if one, by = []; if a "
                "reading, name it in [sensor.keys]"});
    rig.wait(std::chrono::minutes{5});
    CHECK(rig.take_told().empty());
    Rig sure("by = []\nignore = [\"id\"]\n");
    sure.say("{\"id\":1,\"temperature\":21.0}\n{\"id\":2,\"temperature\":5.0}\n");
    CHECK(sure.take_told().empty());
    CHECK(sure.take_readings().size() == 2);
}

TEST_CASE(
    "a device on a line of its own holds for the lines after it, until the port is opened again") {
    Rig rig("by = [\"Room\"]\n");
    rig.say("\nRoom: attic\nTemperature: 21\nRoom: cellar\nTemperature: 5\nHumidity: 70\n");
    CHECK(rig.take_readings() ==
          Texts{"attic-temperature=21", "cellar-temperature=5", "cellar-humidity=70"});
    CHECK(rig.take_failures().empty());
    rig.board.unplug();
    rig.collect();
    rig.board.plug();
    rig.wait(std::chrono::seconds{6});
    rig.say("\nTemperature: 6\n");
    CHECK(rig.take_readings().empty());
}

TEST_CASE("a mapped key is a series of each device") {
    Rig rig("by = [\"id\"]\n[sensor.keys]\nt = \"roof:degF\"\n");
    CHECK(rig.driver->quantities().empty());
    rig.say("{\"id\":1,\"t\":50}\n{\"id\":2,\"t\":32}\n");
    CHECK(rig.with_units == Texts{"1-roof=10 Cel", "2-roof=0 Cel"});
}

TEST_CASE("devices and labels in any alphabet, and of any case, stay apart") {
    const std::string lines =
        "{\"id\":\"Кухня\",\"temperature\":1}\n{\"id\":\"Ванна\",\"temperature\":2}\n"
        "{\"id\":\"a b\",\"temperature\":3}\n{\"id\":\"a_b\",\"temperature\":4}\n"
        "{\"id\":\"A\",\"temperature\":5}\n{\"id\":\"a\",\"temperature\":6}\n";
    Rig rig("by = [\"id\"]\n");
    rig.say(lines);
    std::set<std::string> names;
    for (const auto& quantity : rig.driver->quantities()) names.insert(quantity.name);
    CHECK(names.size() == 6);
    CHECK(names.contains("a-temperature"));
    CHECK(rig.take_readings().size() == 6);
    Rig words;
    words.say("{}\nКухня: 21 °C\nВанна: 22 °C\n温度: 23 °C\n湿度: 24 °C\n");
    CHECK(words.driver->quantities().size() == 4);
    CHECK(words.take_readings().size() == 4);
    CHECK(words.take_failures().empty());
}

namespace {

/// What two devices print in turn, and the key that tells them apart.
struct Apart {
    std::string lines;
    std::string by;
    Texts readings;  // With that key in `by`; "…" is a hash.
};

const std::vector<Apart> kApart{
    {R"({"id":1,"temperature":21}|{"id":2,"temperature":5})",
     "id",
     {"1-temperature=21", "2-temperature=5"}},
    {R"({"device":{"id":"a"},"temperature":21}|{"device":{"id":"b"},"temperature":5})",
     "device.id",
     {"a-temperature=21", "b-temperature=5"}},
    {R"({"sensor_id":7,"temperature":21}|{"sensor_id":8,"temperature":5})",
     "sensor_id",
     {"7-temperature=21", "8-temperature=5"}},
    {R"({"id":"12A","temperature":21}|{"id":"3F","temperature":5})", "id", {"12a-…=21", "3f-…=5"}},
    {"Node: 1, Temperature: 21|Node: 2, Temperature: 5",
     "Node",
     {"1-temperature=21", "2-temperature=5"}},
    {"Node: 1 Temperature: 21 C Humidity: 40 %|Node: 2 Temperature: 5 C Humidity: 80 %",
     "node",
     {"1-temperature=21", "1-humidity=40", "2-temperature=5", "2-humidity=80"}},
    {"Sensor: 0|Temp: 21.50|Sensor: 1|Temp: 5.00", "Sensor", {"0-temp=21.5", "1-temp=5"}},
    {"Device 0 Address: 28FF641F8216C3B1|Temp C: 21.50 Temp F: 70.70|"
     "Device 1 Address: 2851564300000012|Temp C: 5.00 Temp F: 41.00",
     "Device Address",
     {"28ff641f8216c3b1-temp=21.5", "2851564300000012-temp=5"}},
    {"ROM = 28 FF 64 1F 82 16 C3 B1|Temperature = 21.50 Celsius|"
     "ROM = 28 51 56 43 0 0 0 12|Temperature = 5.00 Celsius",
     "ROM",
     {"28ff641f8216c3b1-temperature=21.5", "2851564300000012-temperature=5"}},
    {"Temperature for device: 0|Temp C: 21.50|Temperature for device: 1|Temp C: 5.00",
     "Temperature for device",
     {"0-temp=21.5", "1-temp=5"}},
    {"Room: living room Temp: 21|Room: attic Temp: 5",
     "Room",
     {"living_room-…=21", "attic-temp=5"}},
    {"addr: 0x76 temp: 21|addr: 0x77 temp: 5", "addr", {"0x76-temp=21", "0x77-temp=5"}},
    {"mac: A4:CF:12:05:AB:09 temp: 21|mac: A4:CF:12:05:AB:10 temp: 5", "mac", {"a4…=21", "a4…=5"}},
    {"Node 1, Temp: 21, Hum: 40|Node 2, Temp: 5, Hum: 80",
     "Node",
     {"1-temp=21", "1-hum=40", "2-temp=5", "2-hum=80"}},
    {"Sensor 0:|Temp C: 21.50 Temp F: 70.70|Sensor 1:|Temp C: 5.00 Temp F: 41.00",
     "Sensor",
     {"0-temp=21.5", "1-temp=5"}},
    {"--- Sensor #0 ---|Temp: 21|--- Sensor #1 ---|Temp: 5", "Sensor", {"0-temp=21", "1-temp=5"}},
    {"ch=1;temp=21|ch=2;temp=5", "ch", {"1-temp=21", "2-temp=5"}},
};

/// Says the lines, each by itself, and twice over.
void say(Rig& rig, std::string lines) {
    std::replace(lines.begin(), lines.end(), '|', '\n');
    rig.say("{}\n" + lines + "\n" + lines + "\n");
}

std::size_t series_of(const Rig& rig) {
    return rig.driver->quantities().size();
}

}  // namespace

TEST_CASE("an identity that changes unmentioned is told, with what to write") {
    for (const auto& row : kApart) {
        CAPTURE(row.lines);
        Rig rig;
        say(rig, row.lines);
        CHECK(rig.take_failures().empty());
        const auto told = rig.take_told();
        REQUIRE(told.size() == 1);
        CAPTURE(told.front());
        CHECK(told.front().find("two devices? Then by = [\"") != std::string::npos);
        const bool is_named = row.by != "node";
        CHECK((!is_named || told.front().find("by = [\"" + row.by + "\"]") != std::string::npos));
    }
}

TEST_CASE("by the key that the message names, two devices are series of their own") {
    for (const auto& row : kApart) {
        CAPTURE(row.lines);
        Rig rig("by = [\"" + row.by + "\"]\n");
        say(rig, row.lines);
        CHECK(rig.take_failures().empty());
        CHECK(rig.take_told().empty());
        CHECK(series_of(rig) == row.readings.size());
        auto readings = rig.take_readings();
        REQUIRE(readings.size() == 2 * row.readings.size());
        for (std::size_t i = 0; i < row.readings.size(); ++i) {
            const auto& wanted = row.readings[i];
            CAPTURE(readings[i]);
            CHECK(readings[i].starts_with(
                wanted.substr(0, std::min(wanted.find("…"), wanted.find('=')))));
            CHECK(readings[i].ends_with(wanted.substr(wanted.find('='))));
        }
    }
}

TEST_CASE("every usual name of an identity tells devices apart, and is never measured") {
    for (const std::string key :
         {"id",     "sensor_id", "sensorId", "node",     "addr", "address", "channel",
          "ch",     "idx",       "index",    "location", "room", "name",    "mac",
          "eui",    "sn",        "src",      "from",     "sid",  "probe",   "device",
          "sensor", "station",   "devEUI",   "source",   "zone", "serial"}) {
        CAPTURE(key);
        Rig rig("accept = \"any\"\n");
        rig.say("{}\n{\"" + key + "\":1,\"temperature\":21}\n{\"" + key +
                "\":2,\"temperature\":5}\n");
        rig.say(key + "=1 temperature=21\n" + key + "=2 temperature=5\n");
        CHECK(rig.take_readings().size() == 4);
        CHECK(series_of(rig) == 1);
        CHECK(rig.take_told().size() == 1);
        CHECK(rig.take_failures().empty());
    }
}

TEST_CASE("an identity that does not change, or goes with the device, is not told") {
    Rig one;
    one.say("{}\n");
    for (int i = 0; i < 3; ++i) one.say("{\"id\":4,\"name\":\"roof\",\"temperature\":21}\n");
    CHECK(one.take_told().empty());
    Rig two("by = [\"id\"]\n");
    two.say("{}\n");
    for (int i = 0; i < 3; ++i) {
        two.say(
            "{\"id\":1,\"name\":\"roof\",\"temperature\":21}\n"
            "{\"id\":2,\"name\":\"cellar\",\"temperature\":5}\n");
    }
    CHECK(two.take_told().empty());
    two.say("{\"id\":2,\"name\":\"attic\",\"temperature\":5}\n");
    CHECK(two.take_told() ==
          Texts{"\"name\" is \"cellar\" and \"attic\": two devices? Then by = [\"id\", \"name\"]; "
                "if one, ignore = [\"name\"]"});
}

TEST_CASE("a number with a unit or a fraction, or one that the settings name, is a reading") {
    Rig rig("[sensor.keys]\nsensor = \"light_level:/\"\n");
    rig.say("{}\nRoom: 21.5 °C\nProbe: 20 °C\nsensor = 512\nsensor = 513\nLight sensor: 7 lx\n");
    CHECK(rig.with_units == Texts{"room=21.5 Cel", "probe=20 Cel", "light_level=512 /",
                                  "light_level=513 /", "light_sensor=7 lx"});
    CHECK(rig.take_told().empty());
    CHECK(rig.take_failures().empty());
}

TEST_CASE("a number with a fraction names no device") {
    Rig rig("accept = \"any\"\n");
    rig.say("{}\nProbe: 21.5\nProbe: 22.0\n{\"sensor\":3.5}\n");
    CHECK(rig.take_readings() == Texts{"probe=21.5", "probe=22", "sensor=3.5"});
    CHECK(rig.take_told().empty());
}

TEST_CASE("a number called like an identity, and alone on its lines, is not lost in silence") {
    Rig rig;
    rig.say("{}\n");
    for (int i = 510; i < 520; ++i) rig.say("Sensor: " + std::to_string(i) + "\n");
    CHECK(rig.take_told() == Texts{"\"Sensor\" names a device, and no reading follows; if it is a "
                                   "reading, name it in [sensor.keys]"});
}

TEST_CASE("of two keys of a device on lines of their own, the first ends what the second said") {
    Rig rig("by = [\"Room\", \"Sensor\"]\n");
    rig.say("{}\nRoom: attic\nSensor: 1\nTemp: 21\nSensor: 2\nTemp: 22\nRoom: cellar\nTemp: 5\n");
    CHECK(rig.take_readings() == Texts{"attic-1-temp=21", "attic-2-temp=22"});
    CHECK(rig.take_failures() ==
          Texts{"not understood: \"Temp: 5\": it does not say \"Sensor\", so which device?"});
}

TEST_CASE("a number that two devices may share, because it is too long, names none") {
    Rig rig("by = [\"id\"]\n");
    rig.say(
        "{}\n{\"id\":12345678901234567,\"temperature\":21}\n"
        "{\"id\":\"12345678901234567\",\"temperature\":22}\n");
    CHECK(rig.take_readings() == Texts{"12345678901234567-temperature=22"});
    const auto failures = rig.take_failures();
    REQUIRE(failures.size() == 1);
    CHECK(failures.front().ends_with("send it in quotes"));
}

TEST_CASE("a quantity beside another one of two places is told, where its label says none") {
    const std::vector<Texts> pairs{
        {"Humidity: 40 %, Indoor Temp: 21 C\n", "Humidity: 80 %, Outdoor Temp: 5 C\n",
         "\"Humidity\" stands beside what is of \"Indoor\", and of \"Outdoor\": "},
        {"{\"indoor_temperature\":21,\"humidity\":40}\n",
         "{\"outdoor_temperature\":5,\"humidity\":80}\n",
         "\"humidity\" stands beside what is of \"indoor\", and of \"outdoor\": "},
        {"{\"attic\":{\"temperature\":21},\"humidity\":40}\n",
         "{\"cellar\":{\"temperature\":21},\"humidity\":40}\n",
         "\"humidity\" stands beside what is of \"attic\", and of \"cellar\": "},
    };
    for (const auto& row : pairs) {
        CAPTURE(row[0]);
        Rig rig;
        rig.say("{}\n" + row[0] + row[0]);
        CHECK(rig.take_told().empty());
        rig.say(row[1] + row[0]);
        const auto told = rig.take_told();
        REQUIRE(told.size() == 1);
        CAPTURE(told.front());
        CHECK(told.front().starts_with(row[2]));
        Rig sure("by = []\n");
        sure.say("{}\n" + row[0] + row[1]);
        CHECK(sure.take_told().empty());
    }
    Rig one;
    one.say("{}\nHumidity: 40, Indoor Temp: 21\nHumidity: 40, Indoor Dew point: 9 C\n");
    CHECK(one.take_told().empty());
    Rig both;
    both.say("{}\n{\"indoor_temperature\":21,\"outdoor_temperature\":5,\"humidity\":40}\n");
    both.say("{\"cellar_temperature\":9,\"humidity\":40}\n");
    CHECK(both.take_told().empty());
}

TEST_CASE("readings below two headings are told") {
    Rig rig;
    rig.say("{}\nKitchen:\nTemperature: 21\nKitchen:\nTemperature: 21\n");
    CHECK(rig.take_told().empty());
    rig.say("Bedroom:\nTemperature: 5\n");
    CHECK(rig.take_told() ==
          Texts{"\"Kitchen\" and \"Bedroom\" stand above readings: two devices? Then let the board "
                "print the name in each line, as in \"Bedroom Temperature: 21\"; if one, by = []"});
    CHECK(rig.take_failures().empty());
}
