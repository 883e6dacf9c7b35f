#include "drivers/serial/fields.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using drivers::serial::DecodedLine;
using drivers::serial::FieldOptions;
using drivers::serial::Fields;
using drivers::serial::meaning_of_label;
using drivers::serial::meaning_of_mapping;

namespace {

struct Case {
    const char* key;
    const char* series;
    const char* kind;
    const char* unit;
    double sent;
    double recorded;
};

const std::vector<Case> kKeys{
    {"temperature", "temperature", "temperature", "Cel", 23.4, 23.4},
    {"Temperature", "temperature", "temperature", "Cel", 23.4, 23.4},
    {"temp_2", "temp_2", "temperature", "Cel", 1, 1},
    {"temp2", "temp2", "temperature", "Cel", 1, 1},
    {"temperature_roof_c", "temperature_roof", "temperature", "Cel", 1, 1},
    {"temperature_f", "temperature", "temperature", "Cel", 50, 10},
    {"temperature_a", "temperature_a", "temperature", "Cel", 5, 5},
    {"humidity_percent", "humidity", "humidity", "%RH", 45, 45},
    {"distance_m", "distance", "distance", "m", 1.2, 1.2},
    {"distance_cm", "distance", "distance", "m", 20.3, 0.203},
    {"distance_left_mm", "distance_left", "distance", "m", 1203, 1.203},
    {"pressure_hpa", "pressure", "pressure", "Pa", 1013.25, 101325},
    {"pir", "pir", "motion", "/", 1, 1},
    {"in_range", "in_range", "in_range", "/", 1, 1},
    {"co2", "co2", "co2", "ppm", 415, 415},
    {"voltage_mv", "voltage", "voltage", "V", 3300, 3.3},
    {"battery_mv", "battery", "voltage", "V", 3300, 3.3},
    {"bme.temperature", "bme_temperature", "temperature", "Cel", 1, 1},
};

const std::vector<const char*> kForeign{"pressure",
                                        "soil",
                                        "t",
                                        "tempo",
                                        "ms",
                                        "ature",
                                        "co22",
                                        "loop_ms",
                                        "heat",
                                        "light",
                                        "distance",
                                        "distance2x",
                                        "Heat index",
                                        "Light 2",
                                        "voltage",
                                        "current",
                                        "power",
                                        "weight",
                                        "dist",
                                        "acceleration_x",
                                        "tvoc",
                                        "altitude",
                                        "temp raw",
                                        "temp_adc",
                                        "humidity_valid",
                                        "temperature_offset"};

DecodedLine::Value number(const std::string& key, double value, const std::string& unit = {},
                          bool again = false) {
    return {.key = key,
            .text = std::to_string(value) + unit,
            .kind = DecodedLine::Value::Kind::number,
            .number = value,
            .resolution = 0.01,
            .unit = unit,
            .again = again};
}

/// The readings of a line, or why it is refused.
std::string read(Fields& fields, const std::vector<DecodedLine::Value>& values) {
    const auto line = fields.accept(values, "");
    if (!line) return "refused: " + line.error().detail;
    std::string text;
    for (const auto& reading : line.value().readings) {
        const auto& quantity = fields.quantities().at(reading.quantity);
        text += fmt::format("{}={} {};", quantity.name, reading.value, quantity.unit);
    }
    for (const auto& missing : line.value().missing) text += "missing: " + missing.reason + ";";
    for (const auto& told : line.value().told) text += "told: " + told + ";";
    return text;
}

FieldOptions options(bool any = false) {
    return {.mappings = {}, .ignored = {}, .accept_any = any};
}

}  // namespace

TEST_CASE("keys that explain themselves have their unit, and their values are converted to it") {
    for (const auto& row : kKeys) {
        CAPTURE(row.key);
        const auto meaning = meaning_of_label(row.key, "", false).meaning;
        REQUIRE(meaning);
        CHECK(meaning->quantity.name == row.series);
        CHECK(meaning->quantity.kind == row.kind);
        CHECK(meaning->quantity.unit == row.unit);
        CHECK(meaning->scale.apply(row.sent) == row.recorded);
    }
}

TEST_CASE("other keys are not guessed") {
    for (const auto* key : kForeign) {
        CAPTURE(key);
        CHECK_FALSE(meaning_of_label(key, "", false).meaning);
    }
}

TEST_CASE("a mapping's unit is what the board sends") {
    const auto baro = meaning_of_mapping("pressure", "hPa");
    CHECK(baro.quantity.unit == "Pa");
    CHECK(baro.scale.apply(1013.25) == 101325);
    const auto farads = meaning_of_mapping("capacity", "F");
    CHECK(farads.quantity.unit == "F");
    CHECK(farads.scale.apply(2) == 2);
    CHECK(meaning_of_mapping("roof", "degF").scale.apply(212) == 100);
    CHECK(meaning_of_mapping("temperature", std::nullopt).quantity.unit == "Cel");
    CHECK(meaning_of_mapping("moisture", std::nullopt).quantity.unit == "/");
    CHECK(meaning_of_mapping("moisture", "%").scale.apply(45) == 0.45);
    CHECK(meaning_of_mapping("temperature", "K").quantity.unit == "K");
}

TEST_CASE("series come with their keys, in order, and stay") {
    auto with = options();
    with.mappings = {{.key = "t1", .meaning = meaning_of_mapping("roof", "Cel")}};
    with.ignored = {"ms"};
    Fields fields(with);
    REQUIRE(fields.quantities().size() == 1);
    CHECK(read(fields, {number("humidity", 45)}) == "humidity=45 %RH;");
    CHECK(read(fields, {number("t1", 20), number("humidity", 46)}) ==
          "roof=20 Cel;humidity=46 %RH;");
    CHECK(read(fields, {number("ms", 7)}).empty());
    CHECK(read(fields, {number("soil", 512)}) ==
          "told: unknown key \"soil\": name it in [sensor.keys] (\"soil\" = \"soil:UNIT\", or "
          "\"soil:/\" without a unit) or in "
          "ignore;");
    CHECK(fields.quantities().size() == 2);
}

TEST_CASE("two keys never share a series, unless they are the same in two units") {
    Fields fields(options());
    CHECK(read(fields, {number("distance_cm", 100)}) == "distance=1 m;");
    CHECK(read(fields, {number("distance cm", 100)}) ==
          "told: a second key for the series distance: \"distance cm\";");
    CHECK(read(fields, {number("Distance_cm", 100)}) ==
          "told: a second key for the series distance: \"Distance_cm\";");
    CHECK(read(fields, {number("distance_mm", 1000)}).empty());
    CHECK(read(fields, {number("distance_cm", 100), number("distance_mm", 1000)}) ==
          "distance=1 m;");
    CHECK(read(fields, {number("distance_cm", 100), number("distance_mm", 2000)})
              .starts_with("refused: "));
}

TEST_CASE("a number is converted from the unit behind it, or the line is refused") {
    Fields fields(options());
    CHECK(read(fields, {number("Temperature", 50, "F")}) == "temperature=10 Cel;");
    CHECK(read(fields, {number("Temperature", 10, "°C")}) == "temperature=10 Cel;");
    CHECK(read(fields, {number("Temperature", 283.15, "K")}) == "temperature=10 Cel;");
    CHECK(read(fields, {number("Humidity", 45, "%"), number("Temperature", 10, "lx")})
              .starts_with("refused: \"lx\" does not fit \"Temperature\""));
    CHECK(read(fields, {number("Light (lx)", 45, "cm")}).starts_with("refused: "));
    CHECK(read(fields, {number("Distance (cm)", 45, "mm")}).starts_with("refused: "));
    CHECK(read(fields, {number("Distance (cm)", 45, "cm")}) == "distance=0.45 m;");
    CHECK(read(fields, {number("Inside", 21, "C")}) ==
          "refused: \"C\" behind \"Inside\" may be several units; write which in [sensor.keys]: "
          "\"Inside\" = \"inside:degC\"");
    CHECK(read(fields, {number("", 45, "%")}).starts_with("refused: "));
}

TEST_CASE("a unit that stands beside a number may not contradict it") {
    const auto unit = [](const char* key, const char* text) {
        return DecodedLine::Value{.key = key, .text = text};
    };
    Fields fields(options());
    CHECK(read(fields, {number("temperature", 23), unit("unit", "C")}) == "temperature=23 Cel;");
    CHECK(read(fields, {number("humidity", 45), unit("unit", "C")}) == "humidity=45 %RH;");
    CHECK(read(fields, {number("temperature", 73), unit("unit", "F")}).starts_with("refused: "));
    for (const auto& [key, text] : {std::pair{"temperature_unit", "°F"},
                                    {"units", "imperial"},
                                    {"tempUnit", "F"},
                                    {"scale", "F"},
                                    {"unit_system", "us"},
                                    {"units.temperature", "F"},
                                    {"is_fahrenheit", "true"},
                                    {"usUnits", "1"}}) {
        CAPTURE(key);
        CHECK(read(fields, {unit(key, text), number("temperature", 73)}).starts_with("refused: "));
    }
    Fields named(options());
    CHECK(read(named, {number("temperature_f", 50), unit("unit", "F")}) == "temperature=10 Cel;");
    CHECK(read(fields, {number("temperature", 23), unit("units", "metric")}) ==
          "temperature=23 Cel;");
    CHECK(fields.quantities().size() == 2);
    CHECK(read(fields, {number("pH", 7)}) ==
          "told: unknown key \"pH\": name it in [sensor.keys] (\"pH\" = \"ph:UNIT\", or \"ph:/\" "
          "without a unit) or in ignore;");
}

TEST_CASE("a number that loses its unit, or gains another, is refused") {
    Fields fields(options());
    CHECK(read(fields, {number("Distance", 23, "cm")}) == "distance=0.23 m;");
    CHECK(read(fields, {number("Distance", 23)}).starts_with("refused: "));
    CHECK(read(fields, {number("Distance", 230, "mm")}) == "distance=0.23 m;");
    CHECK(read(fields, {number("Humidity", 45, "%")}) == "humidity=45 %RH;");
    CHECK(read(fields, {number("Humidity", 46)}) == "humidity=46 %RH;");
    CHECK(read(fields, {number("Lux", 23)}) == "lux=23 lx;");
    CHECK(read(fields, {number("Lux", 23, "lx")}) == "lux=23 lx;");
    CHECK(read(fields, {number("Temp", 23)}) == "temp=23 Cel;");
    CHECK(read(fields, {number("Temp", 73.4, "F")}).starts_with("refused: "));
}

TEST_CASE("the same quantity in two units is one reading, if both say the same") {
    Fields fields(options());
    CHECK(read(fields, {number("T", 23, "°C"), number("T", 73.4, "°F", true)}) == "t=23 Cel;");
    CHECK(read(fields, {number("T", 90, "°F"), number("T", 32.2, "°C", true)}) == "t=32.2 Cel;");
    CHECK(read(fields, {number("T", 23, "°C"), number("T", 90, "°F", true)})
              .starts_with("refused: "));
    CHECK(read(fields, {number("T", 23, "°C"), number("T", 23, "°C")}).starts_with("refused: "));
    CHECK(read(fields, {number("Temp C", 23), number("Temp F", 73.4)}) == "temp=23 Cel;");
    CHECK(read(fields, {number("Temp F", 73.4)}).empty());
    CHECK(read(fields, {number("Temp C", 23), number("Temp F", 90)}).starts_with("refused: "));
}

TEST_CASE("several quantities under one label are a series each") {
    Fields fields(options());
    CHECK(read(fields, {number("BME", 23, "°C"), number("BME", 1000, "hPa", true)}) ==
          "bme_temperature=23 Cel;bme_pressure=100000 Pa;");
    CHECK(read(fields, {number("Sample OK", 23, "*C"), number("Sample OK", 45, "H", true)}) ==
          "temperature=23 Cel;humidity=45 %RH;");
    CHECK(read(fields, {number("BME", 23, "°C"), number("BME", 45, "%", true)})
              .starts_with("refused: "));
}

TEST_CASE("what libraries print for a sensor that does not answer is no reading") {
    Fields fields(options());
    CHECK(read(fields, {number("temp", -127)}).starts_with("missing: temp: the sensor"));
    CHECK(read(fields, {number("temp_f", -196.6)}) ==
          "told: a second key for the series temp: \"temp_f\";");
    CHECK(read(fields, {number("roof_temp_f", -196.6)}).starts_with("missing: roof_temp_f: the"));
    CHECK(read(fields, {number("temp", -999)}).starts_with("missing: temp: below absolute zero"));
    CHECK(read(fields, {number("humidity", -999)}).starts_with("missing: humidity: too low"));
    CHECK(read(fields, {number("Ping", 0, "cm")}).starts_with("missing: Ping: no echo"));
    CHECK(read(fields, {number("distance_m", 0)}) == "distance=0 m;");
    CHECK(read(fields, {number("temp", -126.9)}) == "temp=-126.9 Cel;");
}

TEST_CASE("any key is a series when that is wanted, up to a bound") {
    Fields fields(options(true));
    for (std::size_t i = 0; i < Fields::kSeriesMax; ++i) {
        CHECK_FALSE(read(fields, {number("key " + std::to_string(i), 1)}).empty());
    }
    CHECK(fields.quantities().front().name == "key_0");
    CHECK(fields.quantities().front().unit == "/");
    CHECK(read(fields, {number("one more", 1)}) == "told: one series too many: \"one more\";");
    CHECK(fields.quantities().size() == Fields::kSeriesMax);
}

TEST_CASE("a number whose unit is not written is taken only as the settings say") {
    struct Question {
        const char* key;
        const char* told;
    };
    const Question questions[] = {
        {"Distance", "\"Distance\" = \"distance:cm\" (or mm, m, in)"},
        {"Light", "\"Light\" = \"light:lx\" (or / for a raw number)"},
        {"Pressure", "\"Pressure\" = \"pressure:hPa\" (or Pa, kPa)"},
        {"Battery Voltage", "\"Battery Voltage\" = \"battery_voltage:V\" (or mV)"},
        {"Weight", "\"Weight\" = \"weight:g\" (or kg)"},
        {"Heat index", "\"Heat index\" = \"heat_index:degC\" (or degF)"},
    };
    for (const auto any : {false, true}) {
        for (const auto& row : questions) {
            CAPTURE(row.key);
            Fields fields(options(any));
            CHECK(read(fields, {number(row.key, 23)}) ==
                  fmt::format("told: \"{}\" does not say its unit; write it in [sensor.keys]: {};",
                              row.key, row.told));
            CHECK(fields.quantities().empty());
        }
    }
    auto with = options();
    with.mappings = {{.key = "Distance", .meaning = meaning_of_mapping("distance", "cm")},
                     {.key = "Light", .meaning = meaning_of_mapping("light", "/")}};
    Fields fields(with);
    CHECK(read(fields, {number("Distance", 23), number("Light", 512)}) ==
          "distance=0.23 m;light=512 /;");
}

TEST_CASE("true is a number of what is or is not, and of nothing that is measured") {
    const auto truth = [](const char* key) {
        return DecodedLine::Value{.key = key,
                                  .text = "true",
                                  .kind = DecodedLine::Value::Kind::number,
                                  .number = 1,
                                  .is_truth = true};
    };
    Fields fields(options());
    CHECK(read(fields, {truth("motion")}) == "motion=1 /;");
    CHECK(read(fields, {truth("temperature"), number("humidity", 40)}) ==
          "humidity=40 %RH;missing: temperature: no number: \"true\";");
}
