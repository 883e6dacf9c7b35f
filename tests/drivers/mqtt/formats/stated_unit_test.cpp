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

TEST_CASE("a value is converted from its unit in whatever words the message says it") {
    const char* const members[] = {R"("unit_system":"imperial")",
                                   R"("unit_system":"us_customary")",
                                   R"("measurement_system":"us")",
                                   R"("temp_scale":"fahrenheit")",
                                   R"("scale":"F")",
                                   R"("unitTemp":"F")",
                                   R"("u":"F")",
                                   R"("units":["°F"])",
                                   R"("is_fahrenheit":true)",
                                   R"("isFahrenheit":1)",
                                   R"("celsius":false)",
                                   R"("metric":false)",
                                   R"("imperial":"true")",
                                   R"("attributes":{"unit_of_measurement":"°F"})",
                                   R"("units":{"temp":"F"})",
                                   R"("usUnits":"1")",
                                   R"("usUnits":"1.0")",
                                   R"("temperature_format":"f")"};
    for (const auto* member : members) {
        CAPTURE(member);
        const auto payload = fmt::format(R"({{"temperature":77,{}}})", member);
        CHECK(heard_of({kTemperature, payload.c_str(), ""}) == "t 25 Cel\n");
    }
    const Case cases[] = {
        {R"("/state" = "t:Cel")",
         R"({"state":"77","attributes":{"unit_of_measurement":"°F","friendly_name":"x"}})",
         "t 25 Cel\n"},
        {R"("/value" = "t:Cel")", R"({"value":77,"value_unit":"F"})", "t 25 Cel\n"},
        {R"("/values/1" = "t:Cel")", R"({"values":[40,77],"units":["%","F"]})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":25,"metric":true,"celsius":true})", "t 25 Cel\n"},
        {kTemperature, R"({"temperature":25,"scale":10,"fahrenheit":77})", "t 25 Cel\n"},
        {R"("/wind" = "w:m/s")", R"({"wind":10,"unit":"kn"})", "w 5.144444444444445 m/s\n"},
        {R"("/windSpeed" = "w:m/s")", R"({"windSpeed":"36","usUnits":"16.0"})", "w 10 m/s\n"},
        {R"("/windSpeed" = "w:m/s")", R"({"windSpeed":"10","usUnits":"17"})", "w 10 m/s\n"},
        {R"("/rain" = "rain:mm")", R"({"rain":2,"usUnits":16})", "rain 20 mm\n"},
        {R"("/rainRate" = "rate:mm/h")", R"({"rainRate":1,"usUnits":1})", "rate 25.4 mm/h\n"},
        {R"("/barometer" = "p:hPa")", R"({"barometer":30,"usUnits":1})", "p 1015.9167 hPa\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row) == row.said);
    }
}

TEST_CASE("a unit of all belongs to the one value that it can belong to") {
    const char* const contradict = "! the units contradict each other";
    const Case cases[] = {
        {R"("/value" = "v:Cel")", R"({"battery":88,"value":45,"unit":"%"})", contradict},
        {R"("/value" = "v:Cel")", R"({"time":1,"value":45,"unit":"hPa"})", contradict},
        {kTemperature, R"({"temperature":45,"timestamp":1,"unit":"hPa"})", contradict},
        {kTemperature, R"({"temperature":45,"battery":88,"unit":"hPa"})", contradict},
        {R"("/s/reading" = "v:Cel")", R"({"n":7,"s":{"reading":45,"rssi":-60,"unit":"lx"}})",
         contradict},
        {R"("/wind" = "w:m/s")", R"({"wind":3,"unit":"bft"})",
         "! unit not known: w /wind; /unit is \"bft\""},
        {R"("/value" = "w:m/s")", R"({"value":3,"battery":80,"unit":"beaufort"})",
         "! unit not known"},
        {R"("/wind" = "w:m/s")", R"({"wind":3,"unit":"?"})", "! unit not known"},
        {kTemperature, R"({"temperature":45,"usUnits":5})", "! unit not known"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row).starts_with(row.said));
    }
}

TEST_CASE("a value whose name says a unit that SenML does not have is converted") {
    const Case cases[] = {
        {R"("/windspeedmph" = "wind:m/s")", R"({"windspeedmph":"10"})", "wind 4.4704 m/s\n"},
        {R"("/baromrelin" = "p:hPa")", R"({"baromrelin":30})", "p 1015.9167 hPa\n"},
        {R"("/dailyrainin" = "rain:mm")", R"({"dailyrainin":2})", "rain 50.8 mm\n"},
        {R"("/rain_in" = "rain:mm")", R"({"rain_in":2})", "rain 50.8 mm\n"},
        {R"("/pressure_kPa" = "p:hPa")", R"({"pressure_kPa":101.5})", "p 1015 hPa\n"},
        {R"("/wind_avg_mi_h" = "wind:m/s")", R"({"wind_avg_mi_h":10})", "wind 4.4704 m/s\n"},
        {R"("/wind_avg_mi_h" = "wind:/")", R"({"wind_avg_mi_h":10})", "wind 10 /\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        CHECK(heard_of(row) == row.said);
    }
}

TEST_CASE("what no sensor can measure is a failed reading, with its reason") {
    const Case cases[] = {
        {kTemperature, R"({"temperature":-327.68})",
         "! below absolute zero: w /temperature; it is -327.68\n"},
        {kTemperature, R"({"temperature":-127})",
         "! the sensor does not answer: w /temperature; it is -127\n"},
        {kTemperature, R"({"temperature":-196.6,"unit":"F"})",
         "! the sensor does not answer: w /temperature; it is -127\n"},
        {R"("/h" = "h:%RH")", R"({"h":655.35})", "! too high to be true: w /h; it is 655.35\n"},
        {R"("/h" = "h:%RH")", R"({"h":-5})", "! too low to be true: w /h; it is -5\n"},
        {R"("/h" = "h:%RH")", R"({"h":101.2})", "h 101.2 %RH\n"},
        {kTemperature, R"({"temperature":85})", "t 85 Cel\n"},
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
        {kTemperature, R"({"temperature":21,"battery":88,"unit":"%"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"unit":"kitchen"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"unit":"12"})", "t 21 Cel\n"},
        {kTemperature, R"({"temperature":21,"scale":"linear","type":"F"})", "t 21 Cel\n"},
        {R"("/activity" = "a:Bq")", R"({"activity":5,"unit":"Bq"})", "a 5 Bq\n"},
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

TEST_CASE("a unit behind the number counts, and must be one of the quantity") {
    Ear ear{"format = \"plain\"\ntopics = [\"t\"]\nquantity = \"t:Cel\"\n"};
    CHECK(ear.accept({{"t", "70.7°F"}, {"t", "+21.5"}, {"t", "\"21.5\""}, {"t", "−5.0"}}) ==
          "t 21.5 Cel\nt 21.5 Cel\nt 21.5 Cel\nt -5 Cel\n");
    CHECK(ear.accept({{"t", "70.7 hPa"}}) ==
          "! the units contradict each other: t 70.7 hPa; it is in \"hPa\"\n");
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
