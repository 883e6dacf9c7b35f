#include "drivers/core/units.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using drivers::clear_unit;
using drivers::conversion;
using drivers::is_unit;

namespace {

struct Case {
    std::string written;
    const char* unit;  // That a value is recorded in.
    double sent;
    double recorded;
};

const std::vector<Case> kClear{
    {"Cel", "Cel", 21.5, 21.5},
    {"°C", "Cel", 21.5, 21.5},
    {"\xb0"
     "C",
     "Cel", 21.5, 21.5},  // Latin-1
    {"º C", "Cel", 21.5, 21.5},
    {"Â°C", "Cel", 21.5, 21.5},  // UTF-8 that was taken for Latin-1 and encoded again.
    {"℃", "Cel", 21.5, 21.5},
    {"*C", "Cel", 21.5, 21.5},
    {"degC", "Cel", 21.5, 21.5},
    {"deg C", "Cel", 21.5, 21.5},
    {"degrees C", "Cel", 21.5, 21.5},
    {"Celsius", "Cel", 21.5, 21.5},
    {"°F", "Cel", 73.4, 23},
    {"*F", "Cel", 50, 10},
    {"deg F", "Cel", 50, 10},
    {"degF", "Cel", 50, 10},
    {"Fahrenheit", "Cel", 50, 10},
    {"K", "K", 290, 290},
    {"%", "/", 45, 0.45},
    {"%RH", "%RH", 45, 45},
    {"% RH", "%RH", 45, 45},
    {"RH%", "%RH", 45, 45},
    {"cm", "m", 20.3, 0.203},
    {"CM", "m", 20.3, 0.203},
    {"mm", "m", 1203, 1.203},
    {"in", "m", 10, 0.254},
    {"inches", "m", 10, 0.254},
    {"ft", "m", 10, 3.048},
    {"hPa", "Pa", 1013.25, 101325},
    {"mb", "Pa", 1013.25, 101325},
    {"kPa", "Pa", 101.325, 101325},
    {"inHg", "Pa", 10, 33863.89},
    {"lux", "lx", 54.17, 54.17},
    {"mV", "V", 3300, 3.3},
    {"Volts", "V", 3.3, 3.3},
    {"kΩ", "Ohm", 12, 12000},
    {"ppb", "ppm", 400, 0.4},
    {"m/s^2", "m/s2", 9.81, 9.81},
    {"µs", "s", 1000, 0.001},
    {"km/h", "m/s", 36, 10},
};

struct Into {
    const char* written;
    const char* unit;
    double sent;
    double recorded;
};

const std::vector<Into> kInto{
    {"C", "Cel", 21.5, 21.5}, {"F", "Cel", 50, 10},       {"F", "F", 2, 2},
    {"%", "%RH", 45, 45},     {"%", "%EL", 45, 45},       {"Pa", "hPa", 101325, 1013.25},
    {"hPa", "hPa", 10, 10},   {"inches", "cm", 10, 25.4}, {"K", "Cel", 273.15, 0},
    {"g", "kg", 500, 0.5},    {"ms", "ms", 12, 12},       {"kWh", "kWh", 1.5, 1.5},
    {"H", "%RH", 45, 45},     {"ug/m3", "ug/m3", 12, 12},
};

}  // namespace

TEST_CASE("a unit as people write it is converted to one of SenML without a prefix") {
    for (const auto& row : kClear) {
        CAPTURE(row.written);
        const auto unit = clear_unit(row.written);
        REQUIRE(unit);
        CHECK(unit->unit == row.unit);
        CHECK(unit->scale.apply(row.sent) == doctest::Approx(row.recorded).epsilon(1e-15));
    }
}

TEST_CASE("a number of few digits stays one of few digits") {
    CHECK(clear_unit("°F")->scale.apply(73.4) == 23);
    CHECK(clear_unit("cm")->scale.apply(20.3) == 0.203);
    CHECK(clear_unit("in")->scale.apply(10) == 0.254);
    CHECK(clear_unit("hPa")->scale.apply(1013.25) == 101325);
}

TEST_CASE("a unit that only its quantity explains is not guessed") {
    for (const auto* written : {"C", "F", "g", "H", "mg"}) {
        CAPTURE(written);
        CHECK(is_unit(written));
        CHECK_FALSE(clear_unit(written));
    }
}

TEST_CASE("a value is converted into the unit that is wanted") {
    for (const auto& row : kInto) {
        CAPTURE(row.written);
        const auto scale = conversion(row.written, row.unit);
        REQUIRE(scale);
        CHECK(scale->apply(row.sent) == doctest::Approx(row.recorded).epsilon(1e-15));
    }
}

TEST_CASE("nothing becomes what it does not measure") {
    CHECK_FALSE(conversion("lx", "Cel"));
    CHECK_FALSE(conversion("cm", "Pa"));
    CHECK_FALSE(conversion("F", "m"));
    CHECK_FALSE(conversion("furlong", "m"));
    CHECK_FALSE(conversion("", "/"));
    CHECK_FALSE(conversion("degF", "F"));
    for (const auto* written :
         {"", "furlongs", "x1F", "FF64", "Temperature", "mW/", "°", "deg", "*"}) {
        CAPTURE(written);
        CHECK_FALSE(is_unit(written));
    }
}

TEST_CASE("the case of a letter is part of a prefix") {
    CHECK(conversion("MPa", "Pa")->multiply == 1e6);
    CHECK_FALSE(is_unit("MW"));
    CHECK(conversion("mW", "W")->divide == 1000);
    CHECK_FALSE(is_unit("PA"));
}
