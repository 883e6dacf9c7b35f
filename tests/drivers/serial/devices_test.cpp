#include "drivers/serial/devices.hpp"

#include <doctest/doctest.h>

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
          Texts{"\"id\" is \"1\" and \"2\": two devices? Then by = [\"id\"]; if one, by = []"});
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
