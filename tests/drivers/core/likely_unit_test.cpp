#include "drivers/core/likely_unit.hpp"

#include <doctest/doctest.h>

#include <string>

using drivers::likely_unit;
using drivers::unit_in_name;

namespace {

struct Case {
    std::string name;
    std::string unit;
};

}  // namespace

TEST_CASE("the end of a name says its unit") {
    for (const auto& row : {Case{"temperature_C", "Cel"},
                            Case{"temperature_F", "degF"},
                            Case{"temperature_1_C", "Cel"},
                            Case{"tempf", "degF"},
                            Case{"tempc", "Cel"},
                            Case{"tC", "Cel"},
                            Case{"tF", "degF"},
                            Case{"outTempF", "degF"},
                            Case{"temp_f", "degF"},
                            Case{"dew_point_c", "Cel"},
                            Case{"fahrenheit", "degF"},
                            Case{"indoor_fahrenheit", "degF"},
                            Case{"wind_avg_km_h", "km/h"},
                            Case{"wind_avg_m_s", "m/s"},
                            Case{"rain_rate_mm_h", "mm/h"},
                            Case{"rain_mm", "mm"},
                            Case{"pressure_hPa", "hPa"},
                            Case{"battery_mV", "mV"},
                            Case{"battery_V", "V"},
                            Case{"power_W", "W"},
                            Case{"light_lux", "lx"},
                            Case{"energy_kWh", "kWh"}}) {
        CAPTURE(row.name);
        CHECK(unit_in_name(row.name) == row.unit);
        CHECK(likely_unit(row.name) == row.unit);
    }
}

TEST_CASE("the names of weather stations say units that SenML does not have") {
    struct Station {
        std::string name;
        std::string unit;
        std::string to_record;
    };
    for (const auto& row :
         {Station{"windspeedmph", "mph", "m/s"}, Station{"rain_in", "in", "mm"},
          Station{"baromrelin", "inHg", "hPa"}, Station{"wind_kts", "kn", "m/s"},
          Station{"dailyrainin", "in", "mm"}, Station{"tempinf", "degF", "degF"},
          Station{"rainratein", "in/h", "mm/h"}, Station{"temp1f", "degF", "degF"},
          Station{"wind_avg_mi_h", "mph", "m/s"}, Station{"pressure_PSI", "psi", "hPa"},
          Station{"pressure_kPa", "kPa", "hPa"}, Station{"dewptf", "degF", "degF"}}) {
        CAPTURE(row.name);
        CHECK(unit_in_name(row.name) == row.unit);
        CHECK(likely_unit(row.name) == row.to_record);
    }
}

TEST_CASE("a name without a unit has none") {
    for (const std::string name :
         {"",      "C",           "F",         "temperature", "phase_A",    "zone_C", "temple_run",
          "cat_f", "max_min",     "bandwidth", "room",        "humidityin", "tempin", "temp_in",
          "rain",  "pressure_in", "main",      "shelf",       "tempo_m",    "pump_a"}) {
        CAPTURE(name);
        CHECK(unit_in_name(name).empty());
    }
}

TEST_CASE("a unit is proposed only where the name is surely that") {
    for (const auto& row :
         {Case{"temperature", "Cel"}, Case{"outside_temp", "Cel"}, Case{"temp2", "Cel"},
          Case{"temperature_1", "Cel"}, Case{"inTemp", "Cel"}, Case{"humidity", "%RH"},
          Case{"hum", "%RH"}, Case{"co2", "ppm"}, Case{"rssi", "dBm"}, Case{"snr", "dB"},
          Case{"linkquality", "/"}, Case{"power_outage_count", "/"}, Case{"battery_ok", "/"},
          Case{"uv_index", "/"}}) {
        CAPTURE(row.name);
        CHECK(likely_unit(row.name) == row.unit);
    }
    for (const std::string name : {"color_temp",
                                   "colorTemperature",
                                   "temperature_offset",
                                   "temp_unit",
                                   "soil_humidity",
                                   "absolute_humidity",
                                   "brightness",
                                   "voltage",
                                   "power",
                                   "current",
                                   "energy",
                                   "pressure",
                                   "battery",
                                   "distance",
                                   "uptime",
                                   "power_on_behavior",
                                   "template",
                                   "tempo",
                                   "contemporary",
                                   "humus",
                                   "pressure_trend",
                                   "x",
                                   ""}) {
        CAPTURE(name);
        CHECK(likely_unit(name).empty());
    }
}
