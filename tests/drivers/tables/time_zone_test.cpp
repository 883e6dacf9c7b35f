#include "drivers/tables/time_zone.hpp"

#include <doctest/doctest.h>

#include "drivers/tables/time_pattern.hpp"

using drivers::tables::TimeZone;

namespace {

base::EventTime at(const std::string& text) {
    const auto pattern = drivers::tables::TimePattern::parse("%Y-%m-%d %H:%M:%S").value();
    const auto time = pattern.read(text);
    REQUIRE_MESSAGE(time, text);
    return time->at;
}

void check(const std::string& zone, const std::string& local, const std::string& utc) {
    CAPTURE(zone);
    CAPTURE(local);
    const auto found = TimeZone::find(zone);
    REQUIRE(found);
    const auto instants = found.value().instants_of(at(local));
    CHECK(instants.first == at(utc));
    CHECK_FALSE(instants.second);
}

}  // namespace

TEST_CASE("a local time is placed as its region sets its clocks") {
    check("UTC", "2025-07-13 00:00:00", "2025-07-13 00:00:00");
    check("Europe/Berlin", "2025-07-13 00:00:00", "2025-07-12 22:00:00");
    check("Europe/Berlin", "2025-01-13 00:00:00", "2025-01-12 23:00:00");
    check("America/New_York", "2025-07-04 20:00:00", "2025-07-05 00:00:00");
    check("Asia/Kolkata", "2025-07-04 05:30:00", "2025-07-04 00:00:00");
    check("Australia/Lord_Howe", "2025-07-04 10:30:00", "2025-07-04 00:00:00");
    // Beyond the years for which the database lists each change.
    check("Europe/Berlin", "2060-07-01 12:00:00", "2060-07-01 10:00:00");
    check("+01:00", "2025-07-13 00:00:00", "2025-07-12 23:00:00");
    check("-0330", "2025-07-13 00:00:00", "2025-07-13 03:30:00");
}

TEST_CASE("fractions of a second stay") {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    const auto half = std::chrono::milliseconds{500};
    CHECK(zone.instants_of(at("2025-07-13 00:00:00") + half).first ==
          at("2025-07-12 22:00:00") + half);
}

TEST_CASE("clocks that are put forward leave a gap, and those that are put back repeat an hour") {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    for (const char* skipped : {"2025-03-30 02:00:00", "2025-03-30 02:59:59"}) {
        CHECK_FALSE(zone.instants_of(at(skipped)).first);
    }
    CHECK(zone.instants_of(at("2025-03-30 01:59:59")).first == at("2025-03-30 00:59:59"));
    CHECK(zone.instants_of(at("2025-03-30 03:00:00")).first == at("2025-03-30 01:00:00"));
    const auto twice = zone.instants_of(at("2025-10-26 02:30:00"));
    CHECK(twice.first == at("2025-10-26 00:30:00"));
    CHECK(twice.second == at("2025-10-26 01:30:00"));
    CHECK_FALSE(zone.instants_of(at("2025-10-26 03:00:00")).second);
}

TEST_CASE("a name that is none says what to write") {
    for (const std::string name :
         {"Berlin", "Europe/Berlim", "", "CEST+1", "/etc/passwd", "../../etc/passwd",
          "file:/etc/localtime", "+1", "+15:00", "Fixed/UTC+01:00:00"}) {
        CAPTURE(name);
        const auto found = TimeZone::find(name);
        REQUIRE_FALSE(found);
        CHECK(found.error().fault == base::Fault::misconfigured);
        CHECK(found.error().detail.find("Europe/Berlin") != std::string::npos);
    }
}

TEST_CASE(
    "what clocks show leads back to the instant, and what they never showed to the next one") {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    CHECK(zone.local_of(at("2025-07-13 10:00:00")) == at("2025-07-13 12:00:00"));
    CHECK(zone.local_of(at("2025-01-13 10:00:00")) == at("2025-01-13 11:00:00"));
    CHECK(zone.instant_of(at("2025-01-13 11:00:00")) == at("2025-01-13 10:00:00"));
    CHECK(zone.instant_of(at("2025-03-30 02:30:00")) == at("2025-03-30 01:00:00"));
    CHECK(zone.instant_of(at("2025-10-26 02:30:00")) == at("2025-10-26 00:30:00"));
    const auto fixed = TimeZone::find("-03:30").value();
    CHECK(fixed.local_of(at("2025-07-13 10:00:00")) == at("2025-07-13 06:30:00"));
    CHECK(TimeZone{}.local_of(at("2025-07-13 10:00:00")) == at("2025-07-13 10:00:00"));
}
