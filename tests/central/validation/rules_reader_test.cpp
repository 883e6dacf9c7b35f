#include "central/validation/rules_reader.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace validation;
using namespace std::chrono_literals;

namespace {

struct Read {
    Rules rules;
    base::Status status;
};

Read read(const std::string& text) {
    auto parsed = base::Settings::parse(text, "central.toml");
    REQUIRE(parsed);
    auto settings = std::move(parsed).value();
    auto rules = read_rules(settings.tables("validate"));
    return {.rules = std::move(rules), .status = settings.check()};
}

}  // namespace

TEST_CASE("a table of each kind of rule is read") {
    const auto [rules, status] = read(R"(
[[validate]]
quantity = "temperature"
unit = "Cel"
least = -40
most = 60.5
step = 5
step_within = "1m"
not_before = "2024-02-29"
ahead = "1h"
[[validate]]
match = "*/door.state"
values = [0, 1]
)");
    REQUIRE_MESSAGE(status, status.error().detail);
    const auto rule = rules.of("attic", "climate.temperature", "temperature");
    REQUIRE(rule);
    CHECK(rule->unit == "Cel");
    CHECK(rule->least == -40.0);
    CHECK(rule->most == 60.5);
    CHECK(rule->step == 5.0);
    CHECK(rule->step_within == base::Duration{60s});
    CHECK(rule->ahead == base::Duration{1h});
    CHECK(rule->not_before == base::from_milliseconds(1'709'164'800'000));
    CHECK(rules.of("attic", "door.state", "state")->values == std::vector<double>{0, 1});
    CHECK_FALSE(rules.of("attic", "door.count", "count"));
    CHECK(read("").rules.empty());
}

TEST_CASE("every mistake in a rule is told with its line, and what to write") {
    struct Case {
        const char* text;
        const char* says;
    };
    for (const auto& one : std::initializer_list<Case>{
             {"min = -40", "write least = -40"},
             {"max = 60", "write most = 60"},
             {"range = [1, 2]", "write least = -40 and most = 60"},
             {"series = \"a.b\"\nleast = 1", "write match = "},
             {"match = \"climate.temperature\"\nleast = 1", "write \"*/climate.temperature\""},
             {"match = \"*\"", "the rule asks for nothing; write least"},
             {"quantity = \"temperature\"", "asks for nothing"},
             {"least = 5\nmost = 4", "least = 5 is above most = 4"},
             {"step = -1", "step"},
             {"step = 1\nstep_within = \"40d\"", "step_within"},
             {"step = 1\nstep_within = 5", "needs a unit"},
             {"values = []", "no reading could count"},
             {"values = [\"open\"]", "is no number"},
             {"not_before = \"2023-02-29\"", "is no day; write not_before = \"2024-01-31\""},
             {"not_before = \"2024\"", "is no day"},
             {"least = \"cold\"", "least"},
             {"lest = 4", "least"}}) {
        CAPTURE(one.text);
        const auto status = read(std::string{"[[validate]]\n"} + one.text).status;
        REQUIRE_FALSE(status);
        CAPTURE(status.error().detail);
        CHECK(status.error().detail.find(one.says) != std::string::npos);
        CHECK(status.error().detail.find("central.toml:") != std::string::npos);
    }
}

TEST_CASE("a thousand rules are taken, and one more is a mistake") {
    std::string text;
    for (std::size_t i = 0; i < kRulesMax; ++i) text += "[[validate]]\nleast = 1\n";
    const auto full = read(text);
    CHECK(full.status);
    CHECK(full.rules.size() == kRulesMax);
    const auto more = read(text + "[[validate]]\nleast = 1\n");
    REQUIRE_FALSE(more.status);
    CHECK(more.status.error().detail.find("central.toml:2001") != std::string::npos);
    CHECK(more.rules.size() == kRulesMax);
}
