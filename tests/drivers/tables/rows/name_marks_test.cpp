#include "drivers/tables/rows/name_marks.hpp"

#include <doctest/doctest.h>

using drivers::tables::unit_in;
using drivers::tables::without_brackets;
using drivers::tables::zone_in;

TEST_CASE("a name says its unit in brackets, behind a comma or a slash, or at its end") {
    struct Case {
        const char* name;
        const char* unit;  // Of the column.
        const char* found;
        bool is_sure = true;
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
        {"T/K", "Cel", "K", false},
        {"RH {%}", "%RH", "%"},
        {"wind_kph", "m/s", "kph", false},
        {"Voltage (V)", "Cel", "V"},
        {"temp_F", "Cel", "F", false},
        {"temp_f", "Cel", "F", false},
        {"Temp F", "Cel", "F", false},
        {"Temp °F", "Cel", "°F", false},
        {"t_c", "Cel", "C", false},
        {"temp_degF", "Cel", "degF", false},
        {"pressure_hPa", "Pa", "hPa", false},
        {"dew point K", "Cel", "K", false},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto mark = unit_in(one.name, one.unit);
        REQUIRE(mark);
        CHECK(mark->text == one.found);
        CHECK(mark->is_sure == one.is_sure);
    }
}

TEST_CASE("a name that says no unit has none") {
    for (const char* name : {"Temp", "probe F", "sensor_C", "temp_in", "temp_min", "Temp (indoor)",
                             "PT08.S1(CO)", "C6H6(GT)", "Occupancy (0/1)", "on/off", "Temp, indoor",
                             "F", "", "(", ")(", "a_b", "Temp (LGR S/N: 1)", "t_V", "temp_hPa"}) {
        CAPTURE(name);
        CHECK_FALSE(unit_in(name, "Cel"));
    }
    CHECK(without_brackets("[°C]") == "°C");
    CHECK(without_brackets(" (%) ") == "%");
    CHECK(without_brackets("a(b)") == "a(b)");
    CHECK(without_brackets("(a) (b)") == "(a) (b)");
}

TEST_CASE("a name says the zone of its times") {
    struct Case {
        const char* name;
        const char* zone;
        const char* text;
    };
    const Case cases[] = {
        {"Date Time, GMT-05:00", "-05:00", "GMT-05:00"},
        {"Date Time, GMT+01:00", "+01:00", "GMT+01:00"},
        {"Date-Time (EST/EDT, GMT-04:00)", "-04:00", "GMT-04:00"},
        {"time (UTC+1)", "+01:00", "UTC+1"},
        {"Time UTC +0530", "+05:30", "UTC +0530"},
        {"Time (UTC\u22123)", "-03:00", "UTC\u22123"},
        {"time_utc", "UTC", "UTC"},
        {"Timestamp (UTC)", "UTC", "UTC"},
        {"UTC", "UTC", "UTC"},
        {"Zeit [Europe/Berlin]", "Europe/Berlin", "Europe/Berlin"},
        {"Time (+01:00)", "+01:00", "+01:00"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto mark = zone_in(one.name);
        REQUIRE(mark);
        CHECK(mark->zone.value_or("none") == one.zone);
        CHECK(mark->text == one.text);
    }
    for (const char* name :
         {"Time (CET)", "Date Time, EST", "Time EST", "time (local time)", "time (Local)"}) {
        CAPTURE(name);
        const auto mark = zone_in(name);
        REQUIRE(mark);
        CHECK_FALSE(mark->zone);
    }
    for (const char* name : {"time", "Date (MM/DD)", "Time, hh:mm", "date_et", "Date (m/d/y)", "",
                             "start time (s)", "t-1", "sputc"}) {
        CAPTURE(name);
        CHECK_FALSE(zone_in(name));
    }
}
