#include "drivers/tables/rows/zone_marks.hpp"

#include <doctest/doctest.h>

using drivers::tables::zone_in;
using drivers::tables::zones_for;

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
    for (const char* name : {"Time (CET)", "Date Time, EST", "Time EST", "time (local time)",
                             "time (Local)", "Date-Time (EST/EDT)", "Date-Time (CET/CEST)",
                             "Time (Eastern)", "Time (Pacific Time)", "Date Time, PST/PDT"}) {
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

TEST_CASE("a zone that can mean several is met with regions that have it") {
    CHECK(zones_for("EST/EDT") ==
          "\"America/New_York\", \"America/Toronto\", or \"-05:00\" for clocks that are never put "
          "forward");
    CHECK(zones_for("PDT").starts_with("\"America/Los_Angeles\""));
    CHECK(zones_for("CST").starts_with("\"America/Chicago\""));
    CHECK(zones_for("AEST").starts_with("\"Australia/Sydney\""));
    CHECK(zones_for("CET").starts_with("\"Europe/Berlin\""));
    CHECK(zones_for("Local").starts_with("\"Europe/Berlin\""));
}
