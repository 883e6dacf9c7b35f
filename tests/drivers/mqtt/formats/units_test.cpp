#include "drivers/mqtt/formats/units.hpp"

#include <doctest/doctest.h>

using drivers::mqtt::find_conversion;

TEST_CASE("what devices write becomes the same in a unit of SenML") {
    const auto converted = [](const char* written, double value) {
        const auto* conversion = find_conversion(written);
        REQUIRE_MESSAGE(conversion != nullptr, written);
        return (*conversion)(value);
    };
    CHECK(converted("F", 77) == 25);
    CHECK(converted("°F", -40) == -40);
    CHECK(converted("F", 32) == 0);
    CHECK(converted("°C", 21.3) == 21.3);
    CHECK(converted("inHg", 29.92126) == doctest::Approx(1013.25).epsilon(1e-6));
    CHECK(converted("mmHg", 760) == doctest::Approx(1013.25).epsilon(1e-6));
    CHECK(converted("psi", 14.69595) == doctest::Approx(1013.25).epsilon(1e-6));
    CHECK(converted("kPa", 101.325) == doctest::Approx(1013.25));
    CHECK(converted("ft", 10) == doctest::Approx(3.048));
    CHECK(find_conversion("furlong") == nullptr);
    CHECK(find_conversion("") == nullptr);
}

TEST_CASE("the end of an object's id says what it is, whole words only") {
    REQUIRE(drivers::mqtt::esphome_key("bedroom_temperature") != nullptr);
    CHECK(drivers::mqtt::esphome_key("bedroom_temperature")->unit == "Cel");
    CHECK(drivers::mqtt::esphome_key("humidity")->unit == "%RH");
    CHECK(drivers::mqtt::esphome_key("superpower") == nullptr);
    CHECK(drivers::mqtt::esphome_key("temperature_trend") == nullptr);
}
