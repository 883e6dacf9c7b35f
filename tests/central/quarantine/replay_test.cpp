// Goal: a replay counts exactly the readings that did not count and pass now, once, only of the
// records that are meant, and whatever fails. Method: a pipeline over a real file sets readings of
// two nodes aside; then the file is replayed with other rules, through a sink that fails at will.
#include "central/quarantine/replay.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "central/database/any_database.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"
#include "places.hpp"

using namespace central_test;
using sinks::QuarantineSelection;

namespace {

constexpr std::uint64_t kRecords = 4;

validation::Rules at_most(double most) {
    validation::Rule rule;
    rule.most = most;
    return validation::Rules{{{.match = "*", .quantity = {}, .rule = rule}}};
}

std::string record(std::uint64_t second) {
    return R"({"k":"data","t":)" + std::to_string(1'763'640'000'000 + second * 1'000) +
           R"(,"clk":"synced","series":{"s.q":{"dt":[0,500,600],"v":[1,80,90]}}})";
}

struct World {
    World() {
        centre.engine.rules = at_most(60);
        centre.restart();
        for (auto* node : {&attic, &cellar}) {
            for (std::uint64_t i = 1; i <= kRecords; ++i) node->add(record(i));
            for (std::uint64_t seq = 1; seq <= kRecords; ++seq) source.append(node->entry(seq));
        }
        centre.run();
        REQUIRE(counted() == 2 * kRecords);
        // Only the file is needed from now on.
        centre.pipeline.reset();
    }
    std::uint64_t counted() { return centre.readings("attic") + centre.readings("cellar"); }
    std::uint64_t quarantined() { return centre.query().count_quarantined({}).value(); }
    base::Result<quarantine::Replayed> replay(double most, const QuarantineSelection& which = {}) {
        engine::EngineOptions options;
        options.rules = at_most(most);
        return quarantine::replay(*centre.sink, options, which);
    }

    WrittenNode attic{"attic", 1};
    WrittenNode cellar{"cellar", 2};
    ScriptedSource source;
    Centre centre{source};
};

}  // namespace

TEST_CASE("a replay counts what passes now, once, and leaves the rest") {
    World world;
    const auto partly = world.replay(85);
    REQUIRE(partly);
    CHECK(partly.value().taken == 2 * kRecords);
    CHECK(partly.value().readings == 2 * kRecords);
    CHECK(world.counted() == 4 * kRecords);
    CHECK(world.quarantined() == 2 * kRecords);
    CHECK(world.replay(85).value().taken == 0);
    CHECK(world.replay(90).value().readings == 2 * kRecords);
    CHECK(world.counted() == 6 * kRecords);
    CHECK(world.quarantined() == 0);
    CHECK(world.replay(90).value().readings == 0);
}

TEST_CASE("only the records that are meant are replayed") {
    World world;
    CHECK(world.replay(100, {.ids = {}, .node = "attic", .reason = {}}).value().taken == kRecords);
    CHECK(world.centre.readings("attic") == 3 * kRecords);
    CHECK(world.centre.readings("cellar") == kRecords);
    CHECK(world.replay(100, {.ids = {}, .node = {}, .reason = "rule_step"}).value().taken == 0);
    const auto lines = world.centre.query().quarantined(QuarantineSelection{}, 100).value();
    REQUIRE(lines.size() == kRecords);
    CHECK(lines[0].id > lines[1].id);
    CHECK(
        world.replay(100, {.ids = {lines[1].id, 9'999}, .node = {}, .reason = {}}).value().taken ==
        1);
    CHECK(world.replay(100, {.ids = {}, .node = {}, .reason = "rule_range"}).value().taken ==
          kRecords - 1);
    CHECK(world.counted() == 6 * kRecords);
}

TEST_CASE("a replay that fails has counted all or nothing, and the next one does the rest") {
    for (const bool is_lost : {false, true}) {
        World world;
        (is_lost ? world.centre.sink->fail_after : world.centre.sink->fail_before) = 1;
        CHECK_FALSE(world.replay(100));
        CHECK(world.counted() == (is_lost ? 6 : 2) * kRecords);
        world.centre.restart();
        world.centre.pipeline.reset();
        CHECK(world.replay(100).value().taken == (is_lost ? 0 : 2 * kRecords));
        CHECK(world.counted() == 6 * kRecords);
        CHECK(world.quarantined() == 0);
    }
}

TEST_CASE("what README.md says to remove records by hand removes them, and no others") {
    World world;
    std::ifstream document{places::source("central/README.md")};
    const std::string text{std::istreambuf_iterator<char>{document}, {}};
    const auto begin = text.find("DELETE FROM quarantine_part");
    REQUIRE(begin != std::string::npos);
    auto statements = text.substr(begin, text.find('`', begin) - begin);
    const std::string written = "series_limit:";
    for (auto at = statements.find(written); at != std::string::npos;
         at = statements.find(written)) {
        statements.replace(at, written.size(), "rule_range:");
    }
    auto database = AnyDatabase::open({.path = world.centre.path()}).value();
    const auto removed = database.execute(statements);
    REQUIRE_MESSAGE(removed, removed.error().detail);
    CHECK(world.quarantined() == kRecords);
    CHECK(world.centre.query()
              .count_quarantined({.ids = {}, .node = "attic", .reason = {}})
              .value() == 0);
    CHECK(database.number("SELECT count(*) FROM quarantine_part").value() == kRecords);
}
