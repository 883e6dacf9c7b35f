// Goal: what stands beside a value and names its unit is respected, and never guessed at. Method:
// documents in, values in the unit of their series out.

#include "drivers/mqtt/formats/stated_unit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "drivers/mqtt/heard.hpp"

using heard::Ear;

namespace {

struct Case {
    const char* mapping;
    const char* payload;
    const char* said;
};

std::string heard_of(const Case& row, const std::string& more = {}) {
    Ear ear{fmt::format("format = \"json\"\ntopics = [\"w\"]\n{}[sensor.quantities]\n{}\n", more,
                        row.mapping)};
    return ear.accept({{"w", row.payload}});
}

const char* const kTemperature = R"("/temperature" = "t:Cel")";

}  // namespace

TEST_CASE("a value is converted from the unit that stands beside it") {
    const Case cases[] = {
        {kTemperature, R"({"temperature":77,"unit":"F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"unit":"°F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":"77","unit":"fahrenheit"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"unit":"f"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"temperature_unit":"F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"temperatureUnit":"deg F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"TempUnit":"F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"unit_of_measurement":"°F"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"units":"imperial"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"units":{"temperature":"F","humidity":"%"}})",
         "t 25 Cel\n"},
        {kTemperature, R"({"temperature":77,"usUnits":1})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":300.15,"unit":"K"})", "t 27 Cel\n"},
        {kTemperature, R"({"temperature":25,"unit":"C"})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":25,"units":"metric"})", "t 25 Cel\n"},
        {R"("/temperature/value" = "t:Cel")", R"({"temperature":{"value":77,"unit":"F"}})",
         "t 25 Cel\n"},
        {R"("/0/value" = "t:Cel")", R"([{"name":"outside","value":77,"unit":"F"}])", "t 25 Cel\n"},
        {R"("/dewpoint" = "t:Cel")", R"({"dewpoint":50,"temp_unit":"F"})", "t 10 Cel\n"},
        {R"("/pressure" = "p:hPa")", R"({"pressure":30,"pressure_unit":"inHg"})",
         "p 1015.9167 hPa\n"},
        {R"("/pressure" = "p:hPa")", R"({"pressure":101325,"unit":"Pa"})", "p 1013.25 hPa\n"},
        {R"("/voltage" = "v:V")", R"({"voltage":2900,"voltage_unit":"mV"})", "v 2.9 V\n"},
        {R"("/wind" = "wind:m/s")", R"({"wind":36,"speed_unit":"km/h","wind_units":"km/h"})",
         "wind 10 m/s\n"},
        {R"("/duration" = "d:s")", R"({"duration":5000000,"unit":"us"})", "d 5 s\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row) == row.said);
    }
}

TEST_CASE("a unit of another value, or of none, changes nothing") {
    const Case cases[] = {
        {kTemperature, R"({"temperature":21,"humidity":40,"unit":"%"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"pressure_unit":"inHg"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"unit":"kitchen"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"display_unit":"F"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"temperature_unit":null})", "t 21 Cel\n"},
        {R"("/humidity" = "h:%RH")", R"({"humidity":40,"units":"imperial"})", "h 40 %RH\n"},
        {R"("/state" = "s:/")", R"({"state":true,"unit":"F"})", "s 1 /\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row) == row.said);
    }
}

TEST_CASE("a stated unit does not count where the value's name or another value contradicts it") {
    const Case cases[] = {
        {R"("/temperature_C" = "t:Cel")", R"({"temperature_C":21,"unit":"F"})", "t 21 Cel\n"},
        {R"("/tempc" = "t:Cel")", R"({"tempc":21,"tempf":69.8,"unit":"F"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"temperature_f":69.8,"unit":"F"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":77,"temperature_c":25,"unit":"F"})", "t 25 Cel\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row) == row.said);
    }
}

TEST_CASE("a unit that cannot be the value's, or is not the configured one, refuses the value") {
    const Case cases[] = {
        {kTemperature, R"({"temperature":21,"unit":"hPa"})", "! the units contradict each other"},
        {kTemperature, R"({"temperature":21,"temperature_unit":"hPa"})",
         "! the units contradict each other"},
        {R"("/temperature" = "t:degF")", R"({"temperature":21,"unit":"C"})",
         "! the units contradict each other"},
        {R"("/temperature_C" = "t:Cel")", R"({"temperature_C":21,"temperature_unit":"F"})",
         "! the units contradict each other"},
        {kTemperature, R"({"temperature":21,"temperature_unit":"R"})", "! unit not known"},
        {R"("/pressure" = "p:hPa")", R"({"pressure":30,"units":"imperial"})", "! unit not known"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row).starts_with(row.said));
    }
    const Case ignored{kTemperature, R"({"temperature":21,"unit":"hPa"})", "t 21 Cel\n"};
    CHECK(heard_of(ignored, "ignore = [\"/unit\"]\n") == ignored.said);
}

TEST_CASE("Tasmota's units hold for a value that the operator has named, too") {
    Ear ear{"format = \"tasmota\"\n[sensor.quantities]\n\"AM2301.Temperature\" = \"room:Cel\"\n"};
    CHECK(ear.accept({{"tele/x/SENSOR", R"({"AM2301":{"Temperature":77},"TempUnit":"F"})"}}) ==
          "x_am2301_room 25 Cel\n");
}

TEST_CASE("what a zigbee2mqtt device shows says nothing of what zigbee2mqtt sends") {
    Ear ear{"format = \"zigbee2mqtt\"\n"};
    CHECK(ear.accept(
              {{"zigbee2mqtt/x", R"({"temperature":21.5,"temperature_unit":"fahrenheit"})"}}) ==
          "x_temperature 21.5 Cel\n");
}
