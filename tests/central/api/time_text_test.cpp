#include "central/api/common/time_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "central/api/scripted_query.hpp"

TEST_CASE("every way to write a time gives that time") {
    struct Case {
        const char* text;
        std::int64_t ms;
    };
    const std::vector<Case> cases{
        {"now", 1'763'640'000'000},
        {"0", 0},
        {"1763640000123", 1'763'640'000'123},
        {"-6h", 1'763'640'000'000 - 6 * 3'600'000},
        {"-90s", 1'763'640'000'000 - 90'000},
        {"-250ms", 1'763'640'000'000 - 250},
        {"-7d", 1'763'640'000'000 - 7 * 86'400'000LL},
        {"2025-11-20T12:00:00Z", 1'763'640'000'000},
        {"2025-11-20T12:00Z", 1'763'640'000'000},
        {"2025-11-20t12:00:00z", 1'763'640'000'000},
        {"2025-11-20 12:00:00Z", 1'763'640'000'000},
        {"2025-11-20T13:00:00+01:00", 1'763'640'000'000},
        {"2025-11-20T06:30:00-05:30", 1'763'640'000'000},
        {"2025-11-20T12:00:00.5Z", 1'763'640'000'500},
        {"2025-11-20T12:00:00.123456789Z", 1'763'640'000'123},
        {"2024-02-29T00:00:00Z", 1'709'164'800'000},
        {"2016-12-31T23:59:60Z", 1'483'228'800'000},
        {"9999-12-31T23:59:59Z", 253'402'300'799'000},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto parsed = api::parse_time(one.text, kNoon);
        REQUIRE(parsed);
        CHECK(base::to_milliseconds(parsed.value()) == one.ms);
    }
}

TEST_CASE("a text that is not a time is refused") {
    const std::vector<const char*> cases{"",
                                         "yesterday",
                                         "+6h",
                                         "6h",
                                         "-",
                                         "-6",
                                         "-6x",
                                         "--6h",
                                         "1e3",
                                         "1.5",
                                         "99999999999999999999",
                                         "253402300800001",
                                         "2025-11-20",
                                         "2025-11-20T12:00:00",
                                         "2025-11-20T12:00:00.Z",
                                         "2025-11-20T12:00:00Zx",
                                         "2025-11-20T24:00:00Z",
                                         "2025-11-20T12:60:00Z",
                                         "2025-11-20T12:00:61Z",
                                         "2025-02-29T12:00:00Z",
                                         "2025-13-01T12:00:00Z",
                                         "2025-1-01T12:00:00Z",
                                         "20a5-11-20T12:00:00Z",
                                         "2025-11-20T12:00:00+1:00",
                                         "2025-11-20T12:00:00+24:00",
                                         "1969-12-31T23:59:59Z",
                                         "-99999d",
                                         "-9223372036854775807ms",
                                         "2025-11-20T12:00:00 01:00"};
    for (const auto* text : cases) {
        CAPTURE(text);
        CHECK_FALSE(api::parse_time(text, kNoon));
    }
}

TEST_CASE("a time that is nearly right is refused with what is wrong") {
    struct Case {
        const char* text;
        const char* says;
    };
    const std::vector<Case> cases{
        {"1763640000", "looks like seconds since 1970; in milliseconds it is 1763640000000"},
        {"100000000", "looks like seconds since 1970; in milliseconds it is 100000000000"},
        {"99999999999", "looks like seconds since 1970"},
        {"1763640000123456",
         "looks like microseconds since 1970; in milliseconds it is 1763640000123"},
        {"1763640000123456789",
         "looks like nanoseconds since 1970; in milliseconds it is 1763640000123"},
        {"99999999999999999999", "outside the years 1970 to 9999"},
        {"1763640000.25", "whole milliseconds"},
        {"2025-11-20T12:00:00", "the zone is missing"},
        {"2025-11-20 12:00", "the zone is missing"},
        {"2025-11-20", "the time of the day is missing"},
        {"2025-11-20T12:00:00 01:00", "%2B"},
        {"NaN", "write it as milliseconds"},
        {"1.7e12", "write it as milliseconds"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto parsed = api::parse_time(one.text, kNoon);
        REQUIRE_FALSE(parsed);
        CAPTURE(parsed.error().detail);
        CHECK(parsed.error().detail.find(one.says) != std::string::npos);
    }
    // Small numbers are the beginning of time, as pages and scripts write it.
    CHECK(api::parse_time("99999999", kNoon));
    CHECK(base::to_milliseconds(api::parse_time("100000000000", kNoon).value()) == 100'000'000'000);
}
