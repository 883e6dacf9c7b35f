#include "central/shell/moment.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using drivers::tables::TimeZone;

namespace {

constexpr base::EventTime kNoon = base::from_milliseconds(1'763'640'000'000);
constexpr base::EventTime kMidnight = kNoon - 12h;

base::EventTime at(const std::string& text, const std::string& zone = "UTC") {
    const auto found = TimeZone::find(zone).value();
    const auto time = shell::parse_moment(text, kNoon, found);
    REQUIRE_MESSAGE(time, text);
    return time.value();
}

}  // namespace

TEST_CASE("a time is read as the API reads it, and days by the clocks of a zone") {
    CHECK(at("now") == kNoon);
    CHECK(at("-6h") == kNoon - 6h);
    CHECK(at("1763640000000") == kNoon);
    CHECK(at("2025-11-20T13:00:00+01:00", "America/New_York") == kNoon);
    CHECK(at("today") == kMidnight);
    CHECK(at("yesterday") == kMidnight - 24h);
    CHECK(at("2025-11-20") == kMidnight);
    CHECK(at("2025-11-20 08:31") == kMidnight + 8h + 31min);
    CHECK(at("today", "Europe/Berlin") == kMidnight - 1h);
    CHECK(at("2025-07-01", "Europe/Berlin") == at("2025-06-30T22:00:00Z"));
    CHECK(at("2025-11-20T08:31:07", "Europe/Berlin") == kMidnight + 7h + 31min + 7s);
    // Where it is still the day before.
    CHECK(at("today", "-14:00") == kMidnight - 24h + 14h);
}

TEST_CASE("what is no time is refused with what to write") {
    for (const char* text : {"", "soon", "2025-13-01", "6h", "2025-11-20 8:31", "\x1b[2J"}) {
        CAPTURE(text);
        const auto time = shell::parse_moment(text, kNoon, TimeZone{});
        REQUIRE_FALSE(time);
        CHECK(time.error().fault == base::Fault::misused);
        CHECK(time.error().detail.find("write -6h, today") != std::string::npos);
        CHECK(time.error().detail.find('\x1b') == std::string::npos);
    }
}
