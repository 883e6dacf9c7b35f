#include "drivers/mqtt/formats/units.hpp"

#include <doctest/doctest.h>

#include <string>

using drivers::mqtt::recorded_unit;

namespace {

struct Case {
    const char* written;
    double sent;
    const char* unit;
    double recorded;
};

}  // namespace

TEST_CASE("what devices write becomes the same in a unit of SenML") {
    const Case cases[] = {
        {"F", 77, "Cel", 25},
        {"°F", -40, "Cel", -40},
        {"°C", 21.3, "Cel", 21.3},
        {"K", 290, "K", 290},
        {"Pa", 101325, "Pa", 101325},
        {"mbar", 1013.25, "hPa", 1013.25},
        {"inHg", 29.92126, "hPa", 1013.25},
        {"mmHg", 760, "hPa", 1013.25},
        {"psi", 14.69595, "hPa", 1013.25},
        {"kPa", 101.325, "hPa", 1013.25},
        {"ft", 10, "m", 3.048},
        {"gal", 1, "l", 3.785411784},
        {"L", 2, "l", 2},
        {"m³", 2, "m3", 2},
        {"µg/m³", 8, "ug/m3", 8},
        {"kWh", 1.5, "kWh", 1.5},
        {"mV", 2900, "mV", 2900},
        {"kVA", 2, "kVA", 2},
        {"Ah", 2, "Ah", 2},
        {"#", 3, "/", 3},
    };
    for (const auto& row : cases) {
        CAPTURE(row.written);
        const auto unit = recorded_unit(row.written);
        REQUIRE(unit);
        CHECK(unit->unit == row.unit);
        CHECK(unit->scale.apply(row.sent) == doctest::Approx(row.recorded).epsilon(1e-6));
    }
    CHECK_FALSE(recorded_unit("furlong"));
    CHECK_FALSE(recorded_unit(""));
    CHECK_FALSE(recorded_unit("g"));
}

TEST_CASE("the end of an object's id says what it is, whole words only") {
    REQUIRE(drivers::mqtt::esphome_key("bedroom_temperature") != nullptr);
    CHECK(drivers::mqtt::esphome_key("bedroom_temperature")->unit == "Cel");
    CHECK(drivers::mqtt::esphome_key("humidity")->unit == "%RH");
    CHECK(drivers::mqtt::esphome_key("superpower") == nullptr);
    CHECK(drivers::mqtt::esphome_key("water_temperature") != nullptr);
    for (const auto* other :
         {"absolute_humidity", "room_absolute_humidity", "reactive_power", "apparent_power",
          "moving_distance", "detection_distance", "distance", "color_temperature",
          "fahrenheit_temperature", "water_pressure", "uv_illuminance", "energy"}) {
        CAPTURE(other);
        CHECK(drivers::mqtt::esphome_key(other) == nullptr);
    }
    CHECK(drivers::mqtt::esphome_key("temperature_trend") == nullptr);
}
