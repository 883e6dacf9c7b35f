#include "drivers/serial/text/subjects.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/serial/text/pairs.hpp"

using drivers::serial::decode_pairs;
using drivers::serial::LineOptions;
using Texts = std::vector<std::string>;

namespace {

struct Case {
    std::string line;
    Texts keys;
};

const std::vector<Case> kCases{
    {"Indoor Temperature: 21 C, Humidity: 40 %", {"Indoor Temperature", "Indoor Humidity"}},
    {"Indoor Temperature: 21, Humidity: 40, Pressure: 1003 hPa",
     {"Indoor Temperature", "Indoor Humidity", "Indoor Pressure"}},
    {"Indoor Temp: 21, Outdoor Humidity: 80, Pressure: 1003 hPa",
     {"Indoor Temp", "Outdoor Humidity", "Outdoor Pressure"}},
    {"Indoor Temp: 21, Humidity: 40, Outdoor Temp: 5, Humidity: 80",
     {"Indoor Temp", "Indoor Humidity", "Outdoor Temp", "Outdoor Humidity"}},
    {"Indoor Temp: 21, Relative Humidity: 40, Battery: 90 %",
     {"Indoor Temp", "Indoor Relative Humidity", "Indoor Battery"}},
    {"Indoor Temp C: 21 Temp F: 69.8", {"Indoor Temp C", "Indoor Temp F"}},
    {"indoor_temperature=21 humidity=40", {"indoor_temperature", "indoor_humidity"}},
    {"[Node 1] Temp: 21, Hum: 40", {"[Node 1] Temp", "[Node 1] Hum"}},
    {"Sensor 2 Temp: 21, Heat index: 22 C", {"Sensor 2 Temp", "Sensor 2 Heat index"}},
    {"Temp 1: 21, Hum: 40", {"Temp 1", "Hum 1"}},
    {"Temp 1 (C): 21, Hum (%): 40", {"Temp 1 (C)", "Hum 1 (%)"}},
    {"Temperature kitchen: 21, Humidity: 40", {"Temperature kitchen", "Humidity kitchen"}},
    {"Temperature (kitchen): 21, Humidity: 40", {"Temperature (kitchen)", "Humidity (kitchen)"}},
    {"Temperature sensor 1: 21, Humidity: 40", {"Temperature sensor 1", "Humidity sensor 1"}},
    {"Acceleration X: 1, Y: 2, Z: 9.8 m/s^2",
     {"Acceleration X", "Acceleration Y", "Acceleration Z"}},
    {"Accel X: 1 Y: 2 Gyro X: 3 Y: 4", {"Accel X", "Accel Y", "Gyro X", "Gyro Y"}},
    // These bring their own words, or no words that say where.
    {"Indoor Temp: 21, Outdoor Temp: 5, Humidity: 40", {"Indoor Temp", "Outdoor Temp", "Humidity"}},
    {"Temp 1: 21 Temp 2: 22 Hum: 45", {"Temp 1", "Temp 2", "Hum"}},
    {"Soil Temp: 12, Temp: 21, Humidity: 40", {"Soil Temp", "Temp", "Humidity"}},
    {"Battery Voltage: 3.7 V, Temperature: 21", {"Battery Voltage", "Temperature"}},
    {"Relative Humidity: 40, Temperature: 21", {"Relative Humidity", "Temperature"}},
    {"Current Temperature: 21, Humidity: 40", {"Current Temperature", "Humidity"}},
    {"Max Temp: 25, Min Temp: 18, Humidity: 40", {"Max Temp", "Min Temp", "Humidity"}},
    {"Temp: 21, Humidity: 40", {"Temp", "Humidity"}},
    {"Light sensor voltage: 3 V, Temperature: 21", {"Light sensor voltage", "Temperature"}},
    {"Color Temp: 5600 K - Lux: 123", {"Color Temp", "Lux"}},
    {"Kitchen: Temperature: 21, Humidity: 45", {"Kitchen Temperature", "Kitchen Humidity"}},
    {"temp1=21 hum=40", {"temp1", "hum"}},
    {"X: 1 Y: 2", {"X", "Y"}},
};

Texts keys_of(const std::string& line, const LineOptions& options) {
    const auto decoded = decode_pairs(line, options);
    REQUIRE_MESSAGE(decoded, (decoded ? "" : decoded.error().detail));
    Texts keys;
    for (const auto& value : decoded.value().values) keys.push_back(value.key);
    return keys;
}

}  // namespace

TEST_CASE("words before a label belong to what follows it in its line") {
    for (const auto& row : kCases) {
        CAPTURE(row.line);
        CHECK(fmt::format("{}", fmt::join(keys_of(row.line, {}), "; ")) ==
              fmt::format("{}", fmt::join(row.keys, "; ")));
    }
}

TEST_CASE("what the settings name keeps its name") {
    CHECK(keys_of("Indoor Temp: 21, Humidity: 40", {.named = {"Humidity"}}) ==
          Texts{"Indoor Temp", "Humidity"});
}

TEST_CASE("the unit behind the last axis is that of all, if they have none of their own") {
    const auto units = [](const char* line) {
        std::string text;
        const auto decoded = decode_pairs(line, {});
        REQUIRE(decoded);
        for (const auto& value : decoded.value().values) text += value.unit + ";";
        return text;
    };
    CHECK(units("Mag X: 1, Y: 2, Z: 3 uT") == "uT;uT;uT;");
    CHECK(units("X: 1 g, Y: 2 g, Z: 3 m/s^2") == "g;g;m/s^2;");
    CHECK(units("Accel X: 1, Y: 2, Gyro X: 3, Y: 4 rad/s") == ";;rad/s;rad/s;");
    CHECK(units("Temp: 1, Hum: 4 %") == ";%;");
}
