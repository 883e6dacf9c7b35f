#include "drivers/core/names.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/random.hpp"

TEST_CASE("any text becomes a name, and a name stays as it is") {
    struct Case {
        std::string text;
        std::string name;
    };
    const Case cases[] = {
        {"temperature", "temperature"},
        {"cpu-thermal", "cpu-thermal"},
        {"load_1m", "load_1m"},
        {"Package id 0", "package_id_0"},
        {"disk_used/mnt/data", "disk_used_mnt_data"},
        {"  Tctl  ", "tctl"},
        {"CO2 (ppm)", "co2_ppm"},
        {"T\xc3\xbcr", "t_r"},
        {"_-_", "unnamed"},
        {"", "unnamed"},
        {std::string(100, 'x'), std::string(63, 'x')},
        {std::string(62, 'x') + "__y", std::string(62, 'x')},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        CHECK(drivers::safe_name(one.text) == one.name);
        CHECK(drivers::is_name(one.name));
    }
}

TEST_CASE("any bytes become a name") {
    base::Random random(7);
    for (int i = 0; i < 10'000; ++i) {
        std::string text(random.below(80), '\0');
        for (auto& c : text) c = static_cast<char>(random.below(256));
        CHECK(drivers::is_name(drivers::safe_name(text)));
    }
}

TEST_CASE("a name is given out once, and the next one is numbered") {
    drivers::UniqueNames names;
    CHECK(names.add("temp") == "temp");
    CHECK(names.add("Temp") == "temp_2");
    CHECK(names.add("temp") == "temp_3");
    CHECK(names.add("temp_2") == "temp_2_2");
    const std::string longest(63, 'x');
    CHECK(names.add(longest) == longest);
    CHECK(names.add(longest) == std::string(61, 'x') + "_2");
}

TEST_CASE("a unit that is not SenML is refused, with the unit that is meant") {
    using drivers::unit_trouble;
    for (const char* unit : {"Cel", "%RH", "/", "/100", "lx", "hPa", "W/m2", "%"}) {
        CAPTURE(unit);
        CHECK(unit_trouble("temperature", unit).empty());
    }
    CHECK(unit_trouble("charge", "C").empty());
    CHECK(unit_trouble("temperature", "C").ends_with("write Cel"));
    CHECK(unit_trouble("light", "lux") == "\"lux\" is not a SenML unit; write lx");
    CHECK(unit_trouble("a", "\u00b0C").ends_with("write Cel"));
    CHECK(unit_trouble("a", "\u00b0").find("is not a SenML unit") != std::string::npos);
    CHECK(unit_trouble("a", "") == "there is no unit after the colon");
}

TEST_CASE("foreign text is shown without what a terminal or a JSON text would stumble over") {
    CHECK(drivers::shown("plain text") == "plain text");
    CHECK(drivers::shown("a\x1b[31m\xff\n") == "a?[31m??");
    CHECK(drivers::shown(std::string(49, 'x')) == std::string(48, 'x') + "...");
}
