#include "central/dimensions/cadence.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/random.hpp"

using namespace std::chrono_literals;
using dimensions::cadence_in;
using dimensions::DeclaredPeriod;
using dimensions::DeclaredPeriods;
using dimensions::differ_from;
using dimensions::kLongAgo;

namespace {

base::EventTime at(base::Duration t) {
    return base::EventTime{} + t;
}

DeclaredPeriods noted(const DeclaredPeriods& declared) {
    DeclaredPeriods periods;
    for (const auto& one : declared) dimensions::note(periods, one);
    return periods;
}

}  // namespace

TEST_SUITE("dimensions/cadence") {
    const DeclaredPeriods kPeriods{
        {.since = kLongAgo, .period = 60s}, {.since = at(1h), .period = 10s}, {.since = at(2h)}};

    TEST_CASE("each time has the period that was declared for it") {
        CHECK(cadence_in(kPeriods, at(-100h), at(-99h)).period == 60s);
        CHECK(cadence_in(kPeriods, at(59min), at(1h)).period == 60s);
        CHECK(cadence_in(kPeriods, at(1h), at(2h)).period == 10s);
        CHECK_FALSE(cadence_in(kPeriods, at(2h), at(3h)).period);
        CHECK_FALSE(cadence_in(kPeriods, at(59min), at(1h)).since);
        CHECK(cadence_in(kPeriods, at(61min), at(62min)).since == at(1h));
        CHECK_FALSE(cadence_in(kPeriods, at(1h), at(2h)).is_mixed);
    }

    TEST_CASE("where it changed within, the longest counts, or nothing is known") {
        const auto mixed = cadence_in(kPeriods, at(59min), at(61min));
        CHECK(mixed.is_mixed);
        CHECK(mixed.period == 60s);
        CHECK_FALSE(cadence_in(kPeriods, at(59min), at(3h)).period);
    }

    TEST_CASE("readings may come between where one of the declarations says so") {
        const DeclaredPeriods periods{{.since = kLongAgo, .period = 60s, .also_between = true},
                                      {.since = at(1h), .period = 60s}};
        CHECK(cadence_in(periods, at(59min), at(61min)).also_between);
        CHECK(cadence_in(periods, at(59min), at(61min)).is_mixed);
        CHECK_FALSE(cadence_in(periods, at(61min), at(62min)).also_between);
    }

    TEST_CASE("a start that says again what held changes nothing") {
        auto periods = kPeriods;
        dimensions::note(periods, {.since = at(90min), .period = 10s});
        CHECK_FALSE(differ_from(periods, kPeriods));
        periods.pop_back();
        dimensions::note(periods, {.since = at(90min), .period = 10s});
        CHECK(cadence_in(periods, at(91min), at(92min)).since == at(1h));
        CHECK_FALSE(cadence_in(periods, at(80min), at(92min)).is_mixed);
        CHECK_FALSE(differ_from(periods, {kPeriods.begin(), kPeriods.begin() + 2}));
        for (int start = 100; start < 200; ++start) {
            dimensions::note(periods, {.since = at(start * 1min), .period = 10s});
        }
        CHECK(periods.size() <= dimensions::kDeclaredPeriodsMax);
        CHECK(cadence_in(periods, at(-1h), at(0s)).period == 60s);
        CHECK(cadence_in(periods, at(100min), at(200min)).since == at(1h));
    }

    TEST_CASE("what comes late about an earlier time leaves the newest as it is") {
        auto periods = noted({{.since = kLongAgo, .period = 60s},
                              {.since = at(1h), .period = 10s},
                              {.since = at(5h), .period = 10s}});
        dimensions::note(periods, {.since = at(3h), .period = 30s});
        CHECK(cadence_in(periods, at(4h), at(5h)).period == 30s);
        CHECK(cadence_in(periods, at(5h), at(6h)).period == 10s);
        CHECK(cadence_in(periods, at(2h), at(3h)).period == 10s);
    }

    TEST_CASE("what comes late between two that say the same holds from the one to the other") {
        auto periods = noted({{.since = at(0h), .period = 10s},
                              {.since = at(2h), .period = 10s},
                              {.since = at(3h), .period = 20s}});
        dimensions::note(periods, {.since = at(1h), .period = 60s});
        CHECK(cadence_in(periods, at(90min), at(91min)).period == 60s);
        CHECK(cadence_in(periods, at(150min), at(151min)).period == 10s);
        CHECK(cadence_in(periods, at(210min), at(211min)).period == 20s);
    }

    TEST_CASE("changes come out alike in whatever order they are noted") {
        base::Random random{7};
        for (int round = 0; round < 200; ++round) {
            DeclaredPeriods declared;
            for (int i = 0; i < 8; ++i) {
                // Each other than its neighbours.
                declared.push_back({.since = at((i + 1) * 1h), .period = (i + 1) * 1s});
            }
            const auto expected = noted(declared);
            for (std::size_t i = declared.size(); i > 1; --i) {
                std::swap(declared[i - 1], declared[random.below(i)]);
            }
            CHECK(noted(declared) == expected);
        }
    }

    TEST_CASE("of too many the oldest are forgotten, and then nothing is claimed of their time") {
        DeclaredPeriods periods;
        for (int i = 0; i < 100; ++i) {
            dimensions::note(periods, {.since = at(i * 1h), .period = (1 + i % 2) * 1s});
        }
        CHECK(periods.size() <= dimensions::kDeclaredPeriodsMax);
        CHECK_FALSE(cadence_in(periods, at(1h), at(2h)).period);
        CHECK(cadence_in(periods, at(99h), at(100h)).period == 2s);
        CHECK(cadence_in(periods, at(90h), at(91h)).period == 1s);
    }

    TEST_CASE("two histories differ from the first time on of which they say otherwise") {
        const auto from = [](const DeclaredPeriods& a, const DeclaredPeriods& b) {
            CHECK(differ_from(a, b) == differ_from(b, a));
            return differ_from(a, b);
        };
        const DeclaredPeriods one{{.since = kLongAgo, .period = 60s}};
        CHECK_FALSE(from(one, one));
        CHECK_FALSE(from(one, {{.since = at(9h), .period = 60s}}));  // The first always held.
        CHECK(from(one, {{.since = kLongAgo, .period = 30s}}) == base::EventTime::min());
        CHECK(from(one, kPeriods) == at(1h));
        CHECK(from({kPeriods[0], kPeriods[1]}, kPeriods) == at(2h));
        CHECK(from({kPeriods[0], {.since = at(3h), .period = 10s}}, kPeriods) == at(1h));
    }
}
