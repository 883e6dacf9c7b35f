#include "central/validation/rule.hpp"

#include <doctest/doctest.h>

#include "central/validation/rules.hpp"

using namespace validation;
using namespace std::chrono_literals;

namespace {

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(1'763'640'000'000 + ms);
}

Rule range(double least, double most) {
    Rule rule;
    rule.least = least;
    rule.most = most;
    return rule;
}

std::optional<Breach> judge(const Rule& rule, double value, Circumstances around = {}) {
    around.received = at(0);
    return breach_of(rule, around, {.at = at(0), .value = value});
}

}  // namespace

TEST_CASE("a pattern fits a series by its node and its name") {
    struct Case {
        const char* pattern;
        const char* text;
        bool fits;
    };
    for (const auto& one : std::initializer_list<Case>{
             {"*", "attic/climate.temperature", true},
             {"attic/climate.temperature", "attic/climate.temperature", true},
             {"attic/climate.temperature", "attic/climate.temperatures", false},
             {"*/climate.temperature", "attic/climate.temperature", true},
             {"*/climate.temperature", "attic/climate.humidity", false},
             {"attic/*", "attic/climate.humidity", true},
             {"attic/*", "attics/climate.humidity", false},
             {"*/*.temperature", "cellar/oven.temperature", true},
             {"*/*.temp*ture", "cellar/a.temp-temperature", true},
             {"attic-?/*", "attic-1/a.b", true},
             {"attic-?/*", "attic-/a.b", false},
             {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa/a.a", false},
             {"", "", true},
             {"", "a", false},
             {"**", "a", true}}) {
        CAPTURE(one.pattern);
        CAPTURE(one.text);
        CHECK(matches(one.pattern, one.text) == one.fits);
    }
}

TEST_CASE("of several rules for a series the last one that says something decides about it") {
    auto all = range(-40, 60);
    all.unit = "Cel";
    auto oven = Rule{};
    oven.most = 300;
    const Rules rules{{{.match = "*", .quantity = "temperature", .rule = all},
                       {.match = "*/oven.*", .quantity = {}, .rule = oven}}};
    const auto found = rules.of("kitchen", "oven.temperature", "temperature");
    REQUIRE(found);
    CHECK(found->least == -40.0);
    CHECK(found->most == 300.0);
    CHECK(found->unit == "Cel");
    CHECK(rules.of("kitchen", "room.temperature", "temperature")->most == 60.0);
    CHECK_FALSE(rules.of("kitchen", "room.humidity", "humidity"));
    CHECK_FALSE(rules.of("kitchen", "oven.humidity", "humidity")->least);
}

TEST_CASE("the ends of a range, of a step and of a time are good themselves") {
    CHECK_FALSE(judge(range(-40, 60), 60));
    CHECK_FALSE(judge(range(-40, 60), -40));
    CHECK(judge(range(-40, 60), 60.001) == Breach::range);
    CHECK(judge(range(-40, 60), -40.001) == Breach::range);
    Rule rule;
    rule.not_before = at(0);
    rule.ahead = 0s;
    CHECK_FALSE(judge(rule, 1));
    const Circumstances around{.unit = {}, .received = at(0), .before = {}};
    CHECK(breach_of(rule, around, {.at = at(1), .value = 1}) == Breach::time);
    CHECK(breach_of(rule, around, {.at = at(-1), .value = 1}) == Breach::time);
}

TEST_CASE("a step is judged from the reading before, and not after too long a pause") {
    Rule rule;
    rule.step = 5;
    rule.step_within = 60s;
    const auto judge_after = [&](std::int64_t since, double value) {
        const Circumstances around{
            .unit = {}, .received = at(0), .before = Point{.at = at(0), .value = 20}};
        return breach_of(rule, around, {.at = at(since), .value = value});
    };
    CHECK_FALSE(judge_after(1'000, 25));
    CHECK_FALSE(judge_after(1'000, 15));
    CHECK(judge_after(1'000, 25.5) == Breach::step);
    CHECK(judge_after(0, 14) == Breach::step);
    CHECK(judge_after(60'000, 14) == Breach::step);
    CHECK_FALSE(judge_after(60'001, 80));
    CHECK_FALSE(judge_after(-1, 80));  // Late: what was before it is not known any more.
    rule.step_within.reset();
    CHECK(judge_after(600'000, 80) == Breach::step);
    CHECK_FALSE(judge_after(600'001, 80));
}

TEST_CASE("only what is declared in another unit breaks a rule about units") {
    Rule rule;
    rule.unit = "Cel";
    CHECK_FALSE(judge(rule, 1, {.unit = "Cel", .received = {}, .before = {}}));
    CHECK(judge(rule, 1, {.unit = "degF", .received = {}, .before = {}}) == Breach::unit);
    CHECK(judge(rule, 1, {.unit = "", .received = {}, .before = {}}) == Breach::unit);
    CHECK_FALSE(judge(rule, 1));
}

TEST_CASE("a summary is judged by its least and its most") {
    Rule states;
    states.values = {0, 1};
    const auto judge_summary = [](const Rule& rule, double least, double most) {
        auto summary = wire::Summary::of(least);
        summary.add(most);
        return breach_of(rule, {.unit = {}, .received = at(0), .before = {}}, at(0), summary);
    };
    CHECK_FALSE(judge_summary(range(0, 10), 0, 10));
    CHECK(judge_summary(range(0, 10), -1, 5) == Breach::range);
    CHECK(judge_summary(range(0, 10), 5, 11) == Breach::range);
    CHECK_FALSE(judge_summary(states, 0, 1));
    CHECK(judge_summary(states, 0, 2) == Breach::value);
    CHECK(judge(states, 0.5) == Breach::value);
}

TEST_CASE("why a reading is set aside is said with its numbers") {
    const Circumstances around{
        .unit = "degF", .received = at(0), .before = Point{.at = at(-1), .value = 20}};
    const Point point{.at = at(90'000), .value = 80.5};
    Rule rule = range(-40, 60);
    rule.unit = "Cel";
    rule.step = 5;
    rule.values = {0, 1};
    rule.ahead = 1s;
    CHECK(explain(Breach::range, rule, around, point) == "80.5 is more than 60");
    CHECK(explain(Breach::range, rule, around, {.at = at(0), .value = -41}) ==
          "-41 is less than -40");
    CHECK(explain(Breach::step, rule, around, point) ==
          "80.5 is more than 5 from the 20 before it");
    CHECK(explain(Breach::value, rule, around, point) == "80.5 is none of 0, 1");
    CHECK(explain(Breach::unit, rule, around, point) == "it is in \"degF\", not in \"Cel\"");
    CHECK(explain(Breach::time, rule, around, point) == "its time is 90s ahead of its arrival");
}
