// What becomes of readings that break a rule, one case at a time. validation_oracle_test.cpp has
// them all together.
#include "central/engine/feed.hpp"
#include "central/validation/set_aside.hpp"

using namespace engine_test;
using engine::EngineOptions;
using engine::RefusalKind;
using validation::Breach;
using validation::Rule;

namespace {

EngineOptions ruled(const Rule& rule, const std::string& match = "*") {
    EngineOptions options;
    options.spans = {1min, 1h};
    options.rules = validation::Rules{{{.match = match, .quantity = {}, .rule = rule}}};
    return options;
}

Rule at_most(double most) {
    Rule rule;
    rule.most = most;
    return rule;
}

Rule step_of(double step) {
    Rule rule;
    rule.step = step;
    return rule;
}

std::uint64_t aside(const engine::Outcome& outcome, Breach breach) {
    return outcome.set_aside.at(static_cast<std::size_t>(breach));
}

/// What a start with other rules takes out of quarantine, in readings.
std::uint64_t retake(MapMemory& memory, const EngineOptions& options) {
    engine::Engine engine(options, memory);
    std::uint64_t readings = 0;
    while (engine.may_retake()) {
        const auto retaken = engine.retake(2, 100'000);
        REQUIRE(retaken);
        for (const auto& one : retaken.value()) readings += one.outcome.readings;
        memory.commit(engine.take_changes());
    }
    return readings;
}

}  // namespace

TEST_CASE("a bad reading is set aside with its reason, and the rest of its record counts") {
    Feed feed{ruled(at_most(60))};
    const auto outcome =
        feed.accept(data({raw("a.x", {{0, 20}, {1'000, 80}, {2'000, 21}}), raw("b.x", {{0, 1}})}));
    CHECK(outcome.readings == 3);
    CHECK(outcome.failed == 0);
    CHECK(outcome.refused == RefusalKind::rule_range);
    CHECK(aside(outcome, Breach::range) == 1);
    feed.commit();
    const auto row = feed.row("a.x", 1min, 0);
    CHECK(row.summary.count == 2);
    CHECK(row.summary.max == 21);
    CHECK(row.failed == 1);
    CHECK(row.reasons == std::vector<engine::FailureCount>{{"set aside: range", 1}});
    CHECK(feed.row("a.x", 1h, 0).failed == 1);
    CHECK(feed.row("b.x", 1min, 0).failed == 0);
    REQUIRE(feed.memory.quarantined.size() == 1);
    const auto& line = feed.memory.quarantined.front();
    CHECK(line.reason ==
          "rule_range: a.x: 1 reading is set aside, the first because 80 is more than 60");
    CHECK(line.parts == std::vector<std::string>{"a.x#1 range at=" + std::to_string(kHourMs)});
}

TEST_CASE("a partial whose min or max is out of range is set aside whole, with all its readings") {
    Feed feed{ruled(at_most(60))};
    auto bad = wire::Summary::of(20);
    bad.add(61);
    bad.add(21);
    const auto outcome =
        feed.accept(data({partial("a.x", 10s, {{0, wire::Summary::of(5)}, {10'000, bad}})}));
    CHECK(outcome.readings == 1);
    CHECK(aside(outcome, Breach::range) == 3);
    feed.commit();
    CHECK(feed.row("a.x", 1min, 0).failed == 3);
    CHECK(feed.row("a.x", 1min, 0).summary.count == 1);
    CHECK(retake(feed.memory, ruled(at_most(61))) == 3);
    CHECK(feed.row("a.x", 1min, 0).summary.count == 4);
    CHECK(feed.row("a.x", 1min, 0).failed == 0);
    CHECK(feed.memory.refused_lines.empty());
}

TEST_CASE("a partial is set aside only in windows that it would count in") {
    Feed feed{ruled(at_most(60))};
    feed.accept(data({partial("a.x", 15min, {{0, wire::Summary::of(80)}})}));
    feed.commit();
    CHECK(feed.row("a.x", 1h, 0).failed == 1);
    CHECK_FALSE(feed.memory.windows.contains({1min, "attic", "a.x", at(0)}));
}

TEST_CASE("a jump is set aside for as long as a step is judged, and over a restart") {
    auto rule = step_of(5);
    rule.step_within = base::Duration{60s};
    Feed feed{ruled(rule)};
    feed.accept(readings("a.x", {{0, 20}}));
    feed.commit();
    feed.engine.forget();
    CHECK(aside(feed.accept(readings("a.x", {{2'000, 80}, {30'000, 81}})), Breach::step) == 2);
    feed.commit();
    feed.engine.forget();
    CHECK(feed.accept(readings("a.x", {{61'000, 82}})).readings == 1);
    CHECK(feed.accept(readings("a.x", {{62'000, 83}})).readings == 1);
    CHECK(aside(feed.accept(readings("a.x", {{63'000, 20}})), Breach::step) == 1);
}

TEST_CASE("a spike does not take the readings after it with it, and late ones pass") {
    Feed feed{ruled(step_of(5))};
    const auto outcome =
        feed.accept(readings("a.x", {{10'000, 20}, {11'000, 80}, {12'000, 21}, {5'000, 90}}));
    CHECK(outcome.readings == 3);
    CHECK(aside(outcome, Breach::step) == 1);
}

TEST_CASE("a step that was set aside stays so at every start, although it is late by then") {
    Feed feed{ruled(step_of(5))};
    feed.accept(readings("a.x", {{0, 20}, {1'000, 80}, {2'000, 21}}));
    feed.accept(readings("a.x", {{3'000, 22}}));
    feed.commit();
    CHECK(retake(feed.memory, ruled(step_of(5))) == 0);
    CHECK(feed.memory.refused_lines.size() == 1);
    CHECK(retake(feed.memory, ruled(step_of(59))) == 0);
    CHECK(retake(feed.memory, ruled(step_of(60))) == 1);
    CHECK(feed.row("a.x", 1min, 0).summary.count == 4);
    CHECK(feed.row("a.x", 1min, 0).failed == 0);
}

TEST_CASE("readings in a wrong unit stay set aside when the series is declared in the right one") {
    Rule rule;
    rule.unit = "Cel";
    Feed feed{ruled(rule)};
    feed.accept(readings("a.x", {{0, 20}}));  // Nothing says that it is in another.
    feed.accept(declaration("a.x", "degF"));
    CHECK(aside(feed.accept(readings("a.x", {{1'000, 70}, {2'000, 71}})), Breach::unit) == 2);
    feed.accept(declaration("a.x", "Cel"));
    CHECK(feed.accept(readings("a.x", {{3'000, 21}})).readings == 1);
    feed.commit();
    CHECK(feed.row("a.x", 1min, 0).summary.count == 2);
    CHECK(retake(feed.memory, ruled(rule)) == 0);
    CHECK(feed.row("a.x", 1min, 0).summary.max == 21);
    CHECK(feed.memory.refused_lines.size() == 1);
}

TEST_CASE("a quantity that is declared later brings its rule with it") {
    EngineOptions options = ruled(at_most(60));
    options.rules =
        validation::Rules{{{.match = "*", .quantity = "temperature", .rule = at_most(60)}}};
    Feed feed{options};
    CHECK(feed.accept(readings("a.x", {{0, 80}})).readings == 1);
    feed.accept(declaration("a.x"));
    CHECK(feed.accept(readings("a.x", {{1'000, 80}})).readings == 0);
}

TEST_CASE("a reading with an impossible time is in no window and moves no watermark") {
    Rule rule;
    rule.not_before = at(-3'600'000);
    rule.ahead = base::Duration{60s};
    Feed feed{ruled(rule)};
    feed.accept(readings("a.x", {{0, 1}}), "attic", at(1'000));
    const auto watermark = feed.engine.watermark("attic");
    const auto outcome =
        feed.accept(readings("a.x", {{-3'600'001, 2}, {61'001, 3}}), "attic", at(1'000));
    CHECK(aside(outcome, Breach::time) == 2);
    CHECK(feed.engine.watermark("attic") == watermark);
    feed.commit();
    CHECK(feed.memory.windows.size() == 2);
    CHECK(feed.row("a.x", 1h, 0).failed == 0);
    CHECK(retake(feed.memory, ruled(at_most(60))) == 2);
    CHECK(feed.row("a.x", 1min, 60'000).summary.count == 1);
}

TEST_CASE("a reading that is set aside tells how far its node has come") {
    Feed feed{ruled(at_most(60))};
    feed.accept(readings("a.x", {{0, 1}, {5'000, 80}}));
    CHECK(feed.engine.watermark("attic") == at(5'000) - engine::kWatermarkBound);
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "a.x"}).last_at == at(0));
}

TEST_CASE("a series of which nothing is good has windows that say so") {
    Feed feed{ruled(at_most(60))};
    feed.accept(readings("a.x", {{0, 80}, {1'000, 81}}));
    feed.commit();
    const auto row = feed.row("a.x", 1min, 0);
    CHECK(row.summary.count == 0);
    CHECK(row.failed == 2);
    CHECK(feed.memory.all_series.at({"attic", "a.x"}).readings == 0);
    CHECK_FALSE(feed.memory.all_series.at({"attic", "a.x"}).last_at);
}

TEST_CASE("a reading that breaks another rule after mending is counted under that one") {
    Feed feed{ruled(at_most(60))};
    feed.accept(readings("a.x", {{0, 20}, {1'000, 80}}));
    feed.commit();
    Rule states;
    states.values = {0, 1};
    CHECK(retake(feed.memory, ruled(states)) == 0);
    const auto row = feed.row("a.x", 1min, 0);
    CHECK(row.failed == 1);
    CHECK(row.reasons == std::vector<engine::FailureCount>{{"set aside: value", 1}});
    REQUIRE(feed.memory.refused_lines.size() == 1);
    CHECK(feed.memory.refused_lines.begin()->second.reason.starts_with("rule_value: "));
}

TEST_CASE("a column beyond the series limit meets the rules when it may count") {
    auto few = ruled(at_most(60));
    few.series_per_node_max = 1;
    Feed feed{few};
    feed.accept(data({raw("a.x", {{0, 80}}), raw("b.x", {{0, 20}, {1'000, 90}})}));
    feed.commit();
    CHECK(retake(feed.memory, few) == 0);
    CHECK(retake(feed.memory, ruled(at_most(60))) == 1);
    CHECK(feed.row("b.x", 1min, 0).failed == 1);
    CHECK(feed.row("a.x", 1min, 0).failed == 1);
    CHECK(retake(feed.memory, ruled(at_most(100))) == 2);
    CHECK(feed.row("a.x", 1min, 0).summary.count == 1);
    CHECK(feed.row("b.x", 1min, 0).summary.count == 2);
}

TEST_CASE("what cannot count for another reason stays set aside as it was") {
    auto options = ruled(at_most(60));
    options.spans = {1min, 15min, 1h};
    Feed feed{options};
    feed.accept(
        data({partial("a.x", 1min, {{0, wire::Summary::of(1)}, {60'000, wire::Summary::of(80)}})}));
    feed.commit();
    auto narrow = ruled(at_most(100));
    narrow.spans = {10s};
    const auto before = feed.memory.refused_lines.begin()->second.parts;
    CHECK(retake(feed.memory, narrow) == 0);
    REQUIRE(feed.memory.refused_lines.size() == 1);
    CHECK(feed.memory.refused_lines.begin()->second.parts == before);
    options.rules = {};
    CHECK(retake(feed.memory, options) == 1);
    CHECK(feed.row("a.x", 1h, 0).summary.count == 2);
}

TEST_CASE("what is placed by a clock record is healed where it was set aside") {
    Feed feed{ruled(at_most(60))};
    const auto clock = [](std::int64_t utc, std::int64_t error) {
        return wire::encode_record({.body = wire::ClockSample{.boot = "b1",
                                                              .since_boot = base::Duration{0},
                                                              .utc = at(utc),
                                                              .error = base::Duration{error}},
                                    .origin = {}});
    };
    feed.accept(clock(0, 5'000));
    feed.accept(
        wire::encode_record({.body = wire::Data{.at = base::from_milliseconds(59'000),
                                                .clock = wire::ClockState::boot,
                                                .boot = "b1",
                                                .columns = {raw("a.x", {{0, 20}, {500, 80}})}},
                             .origin = {}}));
    feed.accept(clock(2'000, 1));  // A better one, which moves nothing that is placed.
    feed.commit();
    CHECK(feed.row("a.x", 1min, 0).failed == 1);
    CHECK(retake(feed.memory, ruled(at_most(90))) == 1);
    CHECK(feed.row("a.x", 1min, 0).failed == 0);
    CHECK(feed.row("a.x", 1min, 0).summary.count == 2);
    CHECK_FALSE(feed.memory.windows.contains({1min, "attic", "a.x", at(60'000)}));
}

TEST_CASE("rules are for the series that they match, and cost the others nothing") {
    Feed feed{ruled(at_most(60), "attic/a.*")};
    CHECK(feed.accept(readings("b.x", {{0, 80}})).readings == 1);
    CHECK(feed.accept(readings("a.x", {{0, 80}}), "cellar").readings == 1);
    CHECK(feed.accept(readings("a.x", {{0, 80}})).readings == 0);
}

TEST_CASE("a window takes back what failed, and names the reasons of which nothing is left") {
    engine::WindowRow row;
    row.fail("checksum", 2);
    row.fail("set aside: range", 3);
    CHECK(row.heal("set aside: range", 1).empty());
    CHECK(row.failed == 4);
    CHECK(row.heal("set aside: range", 2) == std::vector<std::string>{"set aside: range"});
    CHECK(row.failed == 2);
    CHECK(row.reasons == std::vector<engine::FailureCount>{{"checksum", 2}});
    for (int i = 0; i < 20; ++i) row.fail("r" + std::to_string(i), 1);
    row.fail("set aside: step", 2);  // One reason too many: it is among the others.
    const auto failed = row.failed;
    CHECK(row.heal("set aside: step", 2).empty());
    CHECK(row.failed == failed - 2);
    CHECK(row.heal("set aside: range", 100) == std::vector<std::string>{"other"});
}
