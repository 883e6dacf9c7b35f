#include "drivers/tables/rows/name_marks.hpp"

#include <doctest/doctest.h>

using drivers::tables::unit_in;
using drivers::tables::UnitMark;
using drivers::tables::without_brackets;

namespace {

constexpr auto kSure = UnitMark::Certainty::sure;
constexpr auto kLikely = UnitMark::Certainty::likely;
constexpr auto kUnknown = UnitMark::Certainty::unknown;

}  // namespace

TEST_CASE("a name says its unit in brackets, behind a comma, a dash or a slash, or at its end") {
    struct Case {
        const char* name;
        const char* unit;  // Of the column.
        const char* found;
        UnitMark::Certainty certainty = kSure;
    };
    const Case cases[] = {
        {"Temp (°C)", "Cel", "°C"},
        {"Temp [°F]", "Cel", "°F"},
        {"T (degC)", "/", "degC"},
        {"p (mbar)", "Pa", "mbar"},
        {"P (kPa)", "Pa", "kPa"},
        {"Temp, °F (LGR S/N: 1, SEN S/N: 1)", "Cel", "°F"},
        {"Temp, *C", "Cel", "*C"},
        {"p / hPa", "Pa", "hPa"},
        {"v / m/s", "m/s", "m/s"},
        {"Druck/hPa", "Pa", "hPa"},
        {"T/K", "Cel", "K", kLikely},
        {"RH {%}", "%RH", "%"},
        {"wind_kph", "m/s", "kph", kLikely},
        {"Voltage (V)", "Cel", "V"},
        {"temp_F", "Cel", "F", kLikely},
        {"temp_f", "Cel", "F", kLikely},
        {"Temp F", "Cel", "F", kLikely},
        {"Temp °F", "Cel", "°F"},
        {"t_c", "Cel", "C", kLikely},
        {"temp_degF", "Cel", "degF"},
        {"pressure_hPa", "Pa", "hPa", kLikely},
        {"dew point K", "Cel", "K", kLikely},
        {"Barometer - in Hg", "Pa", "in Hg"},
        {"Rain - in", "m", "in"},
        {"Temp - °F", "Cel", "°F"},
        {"Avg Wind Speed - mph", "m/s", "mph"},
        {"Rain (in)", "m", "in"},
        {"Rain in", "m", "in", kLikely},
        {"Pressure in Hg", "Pa", "in Hg", kLikely},
        {"Barometer (in)", "Pa", "in"},
        {"Wind km/h", "m/s", "km/h"},
        {"°F Temp", "Cel", "°F"},
        {"Temp °F max", "Cel", "°F"},
        {"Temp deg F", "Cel", "deg F"},
        {"TempF", "Cel", "degF", kLikely},
        {"tempf", "Cel", "degF", kLikely},
        {"tF", "Cel", "degF", kLikely},
        {"degF", "Cel", "degF"},
        {"F", "Cel", "F", kLikely},
        {"Fahrenheit", "Cel", "Fahrenheit", kLikely},
        {"tempFahrenheit", "Cel", "degF", kLikely},
        {"Temp-F", "Cel", "degF", kLikely},
        {"Temp:F", "Cel", "degF", kLikely},
        {"Temp_F_Avg", "Cel", "F", kLikely},
        {"BP_mmHg_Avg", "Pa", "mmHg", kLikely},
        {"power_kw", "W", "kW", kLikely},
        {"PowerKW", "W", "kW", kLikely},
        {"battery_mv", "V", "mV", kLikely},
        {"distanceCm", "m", "cm", kLikely},
        {"pressureHpa", "Pa", "hPa", kLikely},
        {"baromabsin", "Pa", "inHg", kLikely},
        {"wind_avg_mi_h", "m/s", "mi/h", kLikely},
        {"/data/temp_F", "Cel", "F", kLikely},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto mark = unit_in(one.name, one.unit);
        REQUIRE(mark);
        CHECK(mark->text == one.found);
        CHECK(mark->certainty == one.certainty);
    }
}

TEST_CASE("a text that can only be meant as a unit is one, also when it is unknown") {
    struct Case {
        const char* name;
        const char* unit;
        const char* found;
    };
    const Case cases[] = {
        {"wind (mp/h)", "m/s", "mp/h"},
        {"RADON pCi/L", "Bq/m3", "pCi/L"},
        {"Radon (pCi/L)", "Bq/m3", "pCi/L"},
        {"Intensity, lum/ft²", "lx", "lum/ft²"},
        {"Light (fc)", "lx", "fc"},
        {"Flow (gpm)", "m3/s", "gpm"},
        {"Flow [gal/min]", "m3/s", "gal/min"},
        {"Gas - ccf", "m3", "ccf"},
        {"Precip (1/100 in)", "m", "1/100 in"},
        {"Temp (0.1 °C)", "Cel", "0.1 °C"},
        {"Temp (°C x10)", "Cel", "°C x10"},
        {"Temp (x10)", "Cel", "x10"},
        {"Temp (m°C)", "Cel", "m°C"},
        {"Temp (°C/°F)", "Cel", "°C/°F"},
        {"Temp (C/F)", "Cel", "C/F"},
        {"Pressure (hPa/mbar)", "Pa", "hPa/mbar"},
        {"Dose (µSv/h)", "Gy", "µSv/h"},
        {"PAR (µmol/m²/s)", "lx", "µmol/m²/s"},
        {"rho (g/m**3)", "kg/m3", "g/m**3"},
        {"Radiation (W m-2)", "lx", "W m-2"},
        {"Tips (tips/min)", "m/s", "tips/min"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto mark = unit_in(one.name, one.unit);
        REQUIRE(mark);
        CHECK(mark->text == one.found);
        CHECK(mark->certainty == kUnknown);
    }
}

TEST_CASE("a name that says no unit has none") {
    for (const char* name : {"Temp",
                             "probe F",
                             "sensor_C",
                             "temp_in",
                             "temp_min",
                             "Temp (indoor)",
                             "PT08.S1(CO)",
                             "C6H6(GT)",
                             "Occupancy (0/1)",
                             "on/off",
                             "Temp, indoor",
                             "",
                             "(",
                             ")(",
                             "a_b",
                             "Temp (LGR S/N: 1)",
                             "t_V",
                             "temp_hPa",
                             "Temp - indoor",
                             "Temp - in",
                             "Temp (in)",
                             "Temp (min)",
                             "Temperature (Sensor 1)",
                             "Value (avg)",
                             "Temp (2 m)",
                             "Temp (10cm)",
                             "Temp (0.5 m)",
                             "Temp (T1)",
                             "Temp (A/C)",
                             "Temp (on/off)",
                             "Temp (in/out)",
                             "Temp (day/night)",
                             "Temp (N/S)",
                             "Temp (I/O)",
                             "Temp (SHT31)",
                             "Temp (raw)",
                             "Temp (°)",
                             "Temp (NO2)",
                             "Temp (PM2.5)",
                             "temp_dT",
                             "temperature_2m",
                             "Temp (24 h)",
                             "Temp (15min avg)",
                             "Temp Max",
                             "Temp, Kitchen",
                             "Temp - 2",
                             "Temp (max)",
                             "Temp (est.)",
                             "T/RH",
                             "temp/humidity",
                             "living room/temp"}) {
        CAPTURE(name);
        CHECK_FALSE(unit_in(name, "Cel"));
    }
    CHECK(without_brackets("[°C]") == "°C");
    CHECK(without_brackets(" (%) ") == "%");
    CHECK(without_brackets("a(b)") == "a(b)");
    CHECK(without_brackets("(a) (b)") == "(a) (b)");
}
