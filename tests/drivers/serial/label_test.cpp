#include "drivers/serial/label.hpp"

#include <doctest/doctest.h>

using drivers::serial::read_label;

namespace {

struct Case {
    std::string text;
    const char* sent_unit;
    const char* name;
    const char* unit;
    const char* kind;  // "" for none.
};

const std::vector<Case> kCases{
    {"Temperature", "", "temperature", "", "temperature"},
    {"Indoor Temperature", "", "indoor_temperature", "", "temperature"},
    {"Temp (°C)", "", "temp", "°c", "temperature"},
    {"Temp C", "", "temp", "C", "temperature"},
    {"Temp *C", "", "temp", "*c", "temperature"},
    {"temperature_f", "", "temperature", "F", "temperature"},
    {"Temperature [deg F]", "", "temperature", "F", "temperature"},
    {"temperature_a", "", "temperature_a", "", "temperature"},
    {"Distance in CM", "", "distance", "cm", "distance"},
    {"distance_left_mm", "", "distance_left", "mm", "distance"},
    {"bme.temperature", "", "bme_temperature", "", "temperature"},
    {"Heat index", "", "heat_index", "", "temperature"},
    {"in_range", "", "in_range", "", "in_range"},
    {"Current temperature", "", "current_temperature", "", "temperature"},
    {"Light sensor voltage", "", "light_sensor_voltage", "", ""},
    {"Light sensor voltage", "mV", "light_sensor_voltage", "", "voltage"},
    {"t", "C", "t", "", "temperature"},
    {"t", "", "t", "", ""},
    {"T1", "C", "t1", "", "temperature"},
    {"T1", "", "t1", "", ""},
    {"T (°C)", "", "t", "°c", "temperature"},
    {"t_f", "", "t", "F", "temperature"},
    {"Celsius", "", "", "celsius", ""},
    {"battery_mv", "", "battery", "mV", ""},
    {"loop_ms", "", "loop_ms", "", ""},
    {"Hum. %", "", "hum", "%", "humidity"},
};

}  // namespace

TEST_CASE("a label says a name, a quantity and a unit") {
    for (const auto& row : kCases) {
        CAPTURE(row.text);
        const auto label = read_label(row.text, row.sent_unit);
        CHECK(label.name() == row.name);
        CHECK(label.unit == row.unit);
        CHECK(std::string{label.quantity == nullptr ? "" : label.quantity->kind} == row.kind);
        CHECK_FALSE(label.identifies);
    }
}

TEST_CASE("a label that says which sensor it is about is no reading") {
    for (const auto* text :
         {"Temperature for device", "Temperature of the sensor", "Device Address",
          "Temperature resolution", "Max Value", "humidity_id"}) {
        CAPTURE(text);
        CHECK(read_label(text, "").identifies);
    }
    CHECK_FALSE(read_label("Temperature for the device 1 (index 0) is", "").identifies);
    CHECK_FALSE(read_label("Temperature sensor", "").identifies);
}
