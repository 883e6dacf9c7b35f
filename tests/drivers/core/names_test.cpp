#include "drivers/core/names.hpp"

#include <doctest/doctest.h>

#include <map>
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
        {"T\xc3\xbcr", "tur"},
        {"Те\xff ст", "te_st"},
        {"Спальня", "spalnya"},
        {"Щёлково-2", "shchyolkovo-2"},
        {"Κουζίνα", "koyzina"},
        {"Đorđe Łódź", "dorde_lodz"},
        {"Straße", "strasse"},
        {"Cafe\xcc\x81", "cafe"},
        {"厨房", "unnamed"},
        {"PM2.5 🌡 µg/m³", "pm2_5_ug_m"},
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

TEST_CASE("a name stays as it is, and any other text has a name of its own") {
    using drivers::distinct_name;
    for (const char* plain : {"temperature", "front_door", "0x00158d0001234567", "cpu-thermal",
                              "shellyplus1-a8032abe54dc", "sonde-12345678", "kitchen-x1"}) {
        CAPTURE(plain);
        CHECK(distinct_name(plain) == plain);
    }
    CHECK(distinct_name("Кухня") == "kukhnya-x08a5de26");
    CHECK(distinct_name("Big Room") == "big_room-x8dc63c25");
    CHECK(distinct_name("厨房").starts_with("unnamed-x"));
    const std::string long_one(80, 'x');
    const std::string texts[] = {"Кухня",
                                 "КУХНЯ",
                                 "кухня",
                                 "Спальня",
                                 "厨房",
                                 "浴室",
                                 "مطبخ",
                                 "🌡",
                                 "🔥",
                                 "Κουζίνα",
                                 "Big Room",
                                 "big room",
                                 "big_room",
                                 "Big_Room",
                                 "big-room",
                                 "big  room",
                                 "big_room_",
                                 "_big_room",
                                 "big__room",
                                 "bigroom",
                                 "bíg room",
                                 "Tür",
                                 "Tur",
                                 "tur",
                                 "T\xc3r",
                                 "T\xffr",
                                 "a/b",
                                 "a.b",
                                 "a b",
                                 "a_b",
                                 "",
                                 "unnamed",
                                 "_",
                                 "-",
                                 "facade",
                                 "FACADE",
                                 "kukhnya",
                                 "a:b",
                                 long_one,
                                 long_one + "y",
                                 long_one + "z",
                                 distinct_name("Кухня"),
                                 distinct_name("Кухня") + "_t",
                                 distinct_name(long_one)};
    std::map<std::string, std::string> owners;
    for (const auto& text : texts) {
        const auto name = distinct_name(text);
        CAPTURE(name);
        CHECK(drivers::is_name(name));
        const auto [owner, is_first] = owners.emplace(name, text);
        CHECK_MESSAGE(is_first, text, " and ", owner->second);
    }
}

TEST_CASE("the case of a hardware address makes no other name") {
    using drivers::distinct_name;
    CHECK(distinct_name("tasmota_0A1B2C") == "tasmota_0a1b2c");
    CHECK(distinct_name("shellyht-A4CF12") == "shellyht-a4cf12");
    CHECK(distinct_name("70B3D57ED0041234") == "70b3d57ed0041234");
    CHECK(distinct_name("0x8F20") == "0x8f20");
    CHECK(distinct_name("FACADE") != "facade");    // a word
    CHECK(distinct_name("room-A1") != "room-a1");  // a number of another kind
    CHECK(distinct_name("0a1B2C") != "0a1b2c");    // nobody writes it so
}

TEST_CASE("any bytes become a name") {
    base::Random random(7);
    for (int i = 0; i < 10'000; ++i) {
        std::string text(random.below(80), '\0');
        for (auto& c : text) c = static_cast<char>(random.below(256));
        CHECK(drivers::is_name(drivers::safe_name(text)));
        CHECK(drivers::is_name(drivers::distinct_name(text)));
        CHECK(drivers::is_name(drivers::marked_name(text, text)));
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
    CHECK(unit_trouble("capacity", "F").empty());
    CHECK(unit_trouble("temperature", "F").ends_with("write degF"));
    CHECK(unit_trouble("light", "lux") == "\"lux\" is not a SenML unit; write lx");
    CHECK(unit_trouble("a", "\u00b0C").ends_with("write Cel"));
    CHECK(unit_trouble("a", "\u00b0").find("is not a SenML unit") != std::string::npos);
    CHECK(unit_trouble("a", "") == "there is no unit after the colon");
}

TEST_CASE("foreign text is shown without what a terminal or a JSON text would stumble over") {
    CHECK(drivers::shown("plain text") == "plain text");
    CHECK(drivers::shown("a\x1b[31m\xff\n") == "a\\x1b[31m\\xff\\x0a");
    CHECK(drivers::shown("zigbee2mqtt/Спальня") == "zigbee2mqtt/Спальня");
    CHECK(drivers::shown(std::string(49, 'x')) == std::string(48, 'x') + "...");
}
