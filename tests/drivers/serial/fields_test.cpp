#include "drivers/serial/fields.hpp"

#include <doctest/doctest.h>

using drivers::serial::FieldOptions;
using drivers::serial::Fields;
using drivers::serial::meaning_of_key;
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
    {"distance", "distance", "distance", "m", 1.2, 1.2},
    {"distance_cm", "distance", "distance", "m", 20.3, 0.203},
    {"distance_left_mm", "distance_left", "distance", "m", 1203, 1.203},
    {"pressure_hpa", "pressure", "pressure", "Pa", 1013.25, 101325},
    {"pir", "pir", "motion", "/", 1, 1},
    {"in_range", "in_range", "in_range", "/", 1, 1},
    {"co2", "co2", "co2", "ppm", 415, 415},
    {"voltage_mv", "voltage", "voltage", "V", 3300, 3.3},
};

const std::vector<const char*> kForeign{"pressure", "soil",  "t",    "tempo",
                                        "ms",       "ature", "co22", "distance2x"};

FieldOptions options(bool any = false) {
    return {.mappings = {}, .ignored = {}, .accept_any = any};
}

}  // namespace

TEST_CASE("keys that explain themselves have their unit, and their values are converted to it") {
    for (const auto& row : kKeys) {
        CAPTURE(row.key);
        const auto meaning = meaning_of_key(row.key);
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
        CHECK_FALSE(meaning_of_key(key));
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
    CHECK(fields.find("humidity").value()->quantity == 1);
    CHECK(fields.find("t1").value()->quantity == 0);
    CHECK(fields.find("humidity").value()->quantity == 1);
    CHECK_FALSE(fields.find("ms").value());
    const auto soil = fields.find("soil");
    REQUIRE_FALSE(soil);
    CHECK(soil.error().detail == "unknown key \"soil\"");
    CHECK(fields.quantities().size() == 2);
}

TEST_CASE("two keys never share a series") {
    Fields fields(options());
    CHECK(fields.find("distance_cm"));
    const auto second = fields.find("distance");
    REQUIRE_FALSE(second);
    CHECK(second.error().detail == "a second key for the series distance: \"distance\"");
}

TEST_CASE("any key is a series when that is wanted, up to a bound") {
    Fields fields(options(true));
    for (std::size_t i = 0; i < Fields::kSeriesMax; ++i) {
        CHECK(fields.find("key " + std::to_string(i)));
    }
    CHECK(fields.quantities().front().name == "key_0");
    CHECK(fields.quantities().front().unit == "/");
    const auto beyond = fields.find("one more");
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().detail == "one series too many: \"one more\"");
    CHECK(fields.quantities().size() == Fields::kSeriesMax);
}
