#include "central/alerts/dispatch/quiet_hours.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using alerts::QuietHours;

namespace {

base::EventTime at(int year, unsigned month, unsigned day, base::Duration time) {
    return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                 static_cast<int>(day)} +
           time;
}

QuietHours hours(const char* text, const char* zone = "UTC") {
    auto parsed = QuietHours::parse(text, zone);
    REQUIRE(parsed);
    return parsed.value();
}

}  // namespace

TEST_CASE("quiet hours go over midnight, from the first minute to before the last") {
    const auto night = hours("22:00-07:00");
    CHECK_FALSE(night.contains(at(2026, 11, 29, 21h + 59min)));
    CHECK(night.contains(at(2026, 11, 29, 22h)));
    CHECK(night.contains(at(2026, 11, 29, 0h)));
    CHECK(night.contains(at(2026, 11, 29, 6h + 59min)));
    CHECK_FALSE(night.contains(at(2026, 11, 29, 7h)));
    const auto noon = hours("12:00-13:30");
    CHECK(noon.contains(at(2026, 11, 29, 13h + 29min)));
    CHECK_FALSE(noon.contains(at(2026, 11, 29, 13h + 30min)));
    CHECK_FALSE(QuietHours{}.contains(at(2026, 11, 29, 0h)));
}

TEST_CASE("quiet hours follow the clocks of their region, in summer and in winter") {
    const auto night = hours("22:00-07:00", "Europe/Berlin");
    CHECK(night.contains(at(2026, 7, 1, 20h)));
    CHECK_FALSE(night.contains(at(2026, 7, 1, 5h)));
    CHECK_FALSE(night.contains(at(2026, 12, 1, 20h)));
    CHECK(night.contains(at(2026, 12, 1, 21h)));
    const auto east = hours("22:00-07:00", "+13:00");
    CHECK(east.contains(at(2026, 12, 1, 9h)));
    CHECK_FALSE(east.contains(at(2026, 12, 1, 18h)));
    // On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, which is 01:00 UTC.
    const auto skipped = hours("02:30-04:00", "Europe/Berlin");
    CHECK_FALSE(skipped.contains(at(2026, 3, 29, 59min)));
    CHECK(skipped.contains(at(2026, 3, 29, 1h)));
    CHECK_FALSE(skipped.contains(at(2026, 3, 29, 2h)));
}

TEST_CASE("what are no hours is refused, with what to write") {
    for (const char* text : {"", "22-7", "22:00", "24:00-07:00", "22:60-07:00", "22:00-22:00",
                             "2:00-07:00", "22:00-07:00-08:00", "ab:cd-07:00"}) {
        CAPTURE(text);
        const auto parsed = QuietHours::parse(text, "UTC");
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail.find("\"22:00-07:00\"") != std::string::npos);
    }
    CHECK_FALSE(QuietHours::parse("22:00-07:00", "Europe/Brelin"));
}
