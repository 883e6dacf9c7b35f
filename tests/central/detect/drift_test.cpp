// Goal: a series that drifts from its neighbours is found within days, and one that does not is
// not. Method: rooms of one house, hour by hour, with common weather and with offsets, rhythms and
// noise of their own; then faults, absences, moves and restarts. SEED=n repeats one run.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "central/detect/drift/neighbourhood.hpp"
#include "central/detect/neighbours.hpp"

using namespace detect_test;
using detect::drift::places_of;

namespace {

std::uint64_t seed_of_run() {
    const char* given = std::getenv("SEED");
    return given != nullptr ? std::stoull(given) : 20261129;
}

/// Room 0 drifts by so much a day, for so many days, from a month on.
Rooms drifted(std::uint64_t seed, std::size_t rooms, double a_day, int days) {
    Rooms house{seed};
    house.add_many(rooms);
    house.pass_days(30);
    for (int i = 0; i < 24 * days; ++i) {
        house.faults[0] += a_day / 24;
        house.pass_hour();
    }
    return house;
}

const detect::Finding& only_finding(const Rooms& house, const std::string& series) {
    REQUIRE(house.findings.size() == 1);
    REQUIRE(house.findings.begin()->first == series);
    REQUIRE(house.findings.begin()->second.size() == 1);
    return house.findings.begin()->second.begin()->second;
}

const std::string kFirst = "room0/climate.temperature";

}  // namespace

TEST_CASE("thirty quiet days of five neighbours give no finding") {
    const auto seed = seed_of_run();
    for (std::uint64_t other = 0; other < 40; ++other) {
        CAPTURE(seed + other);
        Rooms house{seed + other};
        house.add_many(5);
        house.pass_days(30);
        CHECK(house.findings.empty());
    }
}

TEST_CASE("one that drifts by 0.3 degrees a day is found within days, and no other") {
    const auto seed = seed_of_run();
    for (std::uint64_t other = 0; other < 20; ++other) {
        for (const double a_day : {0.3, -0.3}) {
            CAPTURE(seed + other);
            CAPTURE(a_day);
            const auto house = drifted(seed + other, 5, a_day, 12);
            const auto& finding = only_finding(house, kFirst);
            CHECK(finding.code == detect::Code::drift);
            CHECK_FALSE(finding.ended);
            CHECK(finding.from >= kBegin + 25 * 24h);
            CHECK(finding.from <= kBegin + 40 * 24h);
            CHECK(finding.parameters.at(0).second * a_day > 0);
        }
    }
}

TEST_CASE("of three neighbours, too, it is the one that drifts") {
    const auto house = drifted(seed_of_run(), 3, 0.3, 20);
    CHECK(only_finding(house, kFirst).parameters.at(2).second == 2);
}

TEST_CASE("the sentence tells a person how fast and how far") {
    Rooms house{1};
    house.add_many(4);
    house.pass_days(30);
    house.faults[0] = 3;
    house.pass_days(4);
    house.pass_hour();
    const auto& finding = only_finding(house, kFirst);
    CAPTURE(finding.sentence);
    CHECK(finding.sentence.starts_with(kFirst + " drifts up from its 3 neighbours in /house: "));
    CHECK(finding.sentence.find(" °C a day for 4 days, 3.") != std::string::npos);
    CHECK(finding.parameters.at(0).second == doctest::Approx(3).epsilon(0.3));
    CHECK(finding.to == kBegin + 34 * 24h);
    CHECK(finding.value > 15);  // A reading, as for a mark on the chart.
}

TEST_CASE("it ends when the series is back, and one odd day is none") {
    Rooms house{2};
    house.add_many(5);
    house.pass_days(30);
    house.faults[0] = 8;
    house.pass_days(1);
    house.faults[0] = 0;
    house.pass_days(10);
    CHECK(house.findings.empty());
    house.faults[0] = 4;
    house.pass_days(10);
    house.faults[0] = 0;
    house.pass_days(3);
    house.pass_hour();
    const auto& finding = only_finding(house, kFirst);
    REQUIRE(finding.ended);
    CHECK(*finding.ended >= kBegin + 52 * 24h);
    CHECK(*finding.ended <= kBegin + 54 * 24h);
    CHECK(finding.sentence.find("back beside them") != std::string::npos);
}

TEST_CASE("a difference that stays for a month is usual then") {
    Rooms house{3};
    house.add_many(5);
    house.pass_days(30);
    house.faults[0] = 6;
    house.pass_days(25);
    CHECK_FALSE(only_finding(house, kFirst).ended);
    house.pass_days(60);
    const auto& finding = only_finding(house, kFirst);
    REQUIRE(finding.ended);
    CHECK(finding.sentence.find("usual now") != std::string::npos);
}

TEST_CASE("neighbours that go away for days and come back change nothing") {
    const auto seed = seed_of_run();
    for (std::uint64_t other = 0; other < 10; ++other) {
        CAPTURE(seed + other);
        Rooms house{seed + other};
        house.add_many(5);
        house.pass_days(20);
        for (int i = 0; i < 24 * 6; ++i) house.pass_hour({1, 3});
        house.pass_days(10);
        CHECK(house.findings.empty());
        house.faults[1] = 5;
        for (int i = 0; i < 24 * 6; ++i) house.pass_hour({3});
        CHECK_FALSE(only_finding(house, "room1/climate.temperature").ended);
        // Silence ends nothing.
        for (int i = 0; i < 24 * 20; ++i) house.pass_hour({1});
        CHECK_FALSE(only_finding(house, "room1/climate.temperature").ended);
    }
}

TEST_CASE("a new member is not judged before it is known, and disturbs nobody") {
    Rooms house{5};
    house.add_many(4);
    house.pass_days(20);
    house.add("new");
    house.faults.back() = 15;  // It stands somewhere else: that is its own.
    house.pass_days(20);
    CHECK(house.findings.empty());
    house.faults.back() += 5;
    house.pass_days(5);
    CHECK_FALSE(only_finding(house, "new/climate.temperature").ended);
}

TEST_CASE("a group of which one is replaced goes on") {
    Rooms house{6};
    house.add_many(3);
    house.pass_days(20);
    house.add("new");
    for (int i = 0; i < 24 * 20; ++i) house.pass_hour({0});
    CHECK(house.findings.empty());
    house.faults[3] += 6;
    for (int i = 0; i < 24 * 8; ++i) house.pass_hour({0});
    CHECK_FALSE(only_finding(house, "new/climate.temperature").ended);
}

TEST_CASE("one that moves begins anew, and what was open of it is closed") {
    auto house = drifted(7, 5, 0.5, 12);
    CHECK_FALSE(only_finding(house, kFirst).ended);
    house.members[0].location = "/garage";
    house.pass_days(20);
    const auto& finding = only_finding(house, kFirst);
    REQUIRE(finding.ended);
    CHECK(*finding.ended == kBegin + 42 * 24h);
    CHECK(finding.sentence.find("other neighbours") != std::string::npos);
    CHECK_FALSE(house.members[0].drift.has_begun());
}

TEST_CASE("counters and states are not compared") {
    Rooms house{8};
    house.add_many(4);
    house.add("door").subject.is_state = true;
    std::size_t hour = 0;
    for (std::size_t i = 0; i < 3; ++i) house.add("counter", "/cellar");
    for (; hour < 24 * 40; ++hour) {
        for (std::size_t i = 5; i < 8; ++i) {
            house.faults[i] += 6 * static_cast<double>(i - 4);
        }
        house.faults[4] = hour % 2 == 0 ? 0 : 50;
        house.pass_hour();
    }
    CHECK(house.findings.empty());
    CHECK_FALSE(house.members[4].drift.has_begun());
    CHECK(house.members[5].drift.only_rises());
}

TEST_CASE("whatever is saved and loaded in between, the findings are the same") {
    const auto seed = seed_of_run();
    CAPTURE(seed);
    const auto run = [&](int every) {
        Rooms house{seed};
        house.add_many(5);
        for (int hour = 0; hour < 24 * 60; ++hour) {
            if (hour > 24 * 20 && hour < 24 * 45) house.faults[2] += 0.02;
            if (hour == 24 * 45) house.faults[2] = 0;
            house.pass_hour();
            if (hour % every != 0) continue;
            for (auto& member : house.members) {
                member.drift = detect::drift::Drift{member.drift.save()};
            }
        }
        return house.findings;
    };
    const auto once = run(1'000'000);
    REQUIRE(once.size() == 1);
    CHECK(once.begin()->second.begin()->second.ended);
    for (const int every : {1, 7, 24}) CHECK(run(every) == once);
}

TEST_CASE("a state of another form begins anew") {
    auto house = drifted(9, 4, 0, 1);
    auto state = house.members[0].drift.save();
    CHECK(detect::drift::Drift{state}.has_learned());
    state.front() = 99;
    CHECK_FALSE(detect::drift::Drift{state}.has_begun());
    CHECK_FALSE(detect::drift::Drift{state.substr(1)}.has_begun());
    CHECK_FALSE(detect::drift::Drift{""}.has_begun());
    CHECK(detect::drift::Drift{}.save().empty());
}

TEST_CASE("a day of which too little is known teaches nothing") {
    Rooms house{10};
    house.add_many(4);
    for (int i = 0; i < 24 * 30; ++i) {
        if (i % 24 < 12) {
            house.pass_hour();
        } else {
            house.pass_hour({0});
        }
    }
    CHECK_FALSE(house.members[0].drift.has_learned());
    CHECK(house.members[1].drift.has_learned());
}

TEST_CASE("neighbours are those of the same location, or else of the nearest one around it") {
    struct Case {
        const char* name;
        std::vector<std::string> locations;
        std::vector<std::string> places;
    };
    const std::vector<Case> cases{
        {"three in one room", {"/h/a", "/h/a", "/h/a"}, {"/h/a", "/h/a", "/h/a"}},
        {"two in one room", {"/h/a", "/h/a"}, {"", ""}},
        {"one in each room", {"/h/a", "/h/b", "/h/c/d"}, {"/h", "/h", "/h"}},
        {"a full room keeps its own",
         {"/h/a", "/h/a", "/h/a", "/h/b", "/h/c", "/h"},
         {"/h/a", "/h/a", "/h/a", "/h", "/h", "/h"}},
        {"too few are left", {"/h/a", "/h/a", "/h/a", "/h/b"}, {"/h/a", "/h/a", "/h/a", ""}},
        {"two houses", {"/h", "/h", "/i", "/i"}, {"", "", "", ""}},
        {"nowhere", {"", "", ""}, {"", "", ""}},
        {"a name that begins alike", {"/h/a", "/h/ab", "/h/a/b"}, {"/h", "/h", "/h"}},
    };
    for (const auto& [name, locations, places] : cases) {
        CAPTURE(name);
        CHECK(places_of(locations) == places);
    }
}
