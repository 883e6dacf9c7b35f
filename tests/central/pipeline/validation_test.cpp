// Goal: readings that a rule sets aside are kept with what did not count, and count exactly once
// when the rule was mended, whatever dies meanwhile; their windows then say nothing of them.
// Method: a node on paper with a good and a bad reading in each record; central is started again
// with a wider rule, and the sink fails, or central dies, at every commit in turn.
#include <doctest/doctest.h>

#include "central/database/any_database.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

constexpr std::uint64_t kRecords = 7;  // Three commits.

validation::Rules at_most(double most) {
    validation::Rule rule;
    rule.most = most;
    return validation::Rules{{{.match = "attic/*", .quantity = {}, .rule = rule}}};
}

std::string record(std::uint64_t second) {
    return R"({"k":"data","t":)" + std::to_string(1'763'640'000'000 + second * 1'000) +
           R"(,"clk":"synced","series":{"s.q":{"dt":[0,500],"v":[1,80]},)"
           R"("t.q":{"dt":[0],"v":[2]}}})";
}

struct World {
    World() {
        centre.engine.rules = at_most(60);
        centre.restart();
        for (std::uint64_t i = 1; i <= kRecords; ++i) node.add(record(i));
        for (std::uint64_t seq = 1; seq <= kRecords; ++seq) source.append(node.entry(seq));
        centre.run();
        REQUIRE(centre.readings() == 2 * kRecords);
    }
    std::uint64_t quarantined() {
        std::uint64_t records = 0;
        const auto counts = centre.query().quarantined("attic");
        for (const auto& count : counts.value()) records += count.records;
        return records;
    }
    std::int64_t ask(const std::string& sql) {
        auto opened =
            central_test::AnyDatabase::open({.path = centre.path(), .is_read_only = true});
        return std::move(opened).value().number(sql).value();
    }
    double set_aside() {
        return centre.counters.value("leat_central_readings_set_aside_total",
                                     {{"reason", "rule_range"}});
    }

    WrittenNode node{"attic", 1};
    ScriptedSource source;
    Centre centre{source};
};

}  // namespace

TEST_SUITE("central/validation") {
    TEST_CASE(
        "bad readings are counted with their reason, and the windows say why they lack them") {
        World world;
        CHECK(world.set_aside() == kRecords);
        CHECK(world.centre.counter("failed_readings_total") == 0);
        CHECK(world.centre.counters.value("leat_central_quarantined_total",
                                          {{"reason", "rule_range"}}) == kRecords);
        CHECK(world.quarantined() == kRecords);
        CHECK(world.ask("SELECT sum(readings) FROM failed_1m WHERE reason = 'set aside: range'") ==
              kRecords);
        CHECK(world.ask("SELECT sum(failed) FROM rollup_1d") == kRecords);
    }

    TEST_CASE("they count after a start with a wider rule, and only then") {
        World world;
        world.centre.restart();
        world.centre.run();
        CHECK(world.quarantined() == kRecords);
        CHECK(world.set_aside() == kRecords);
        world.centre.engine.rules = at_most(100);
        world.centre.restart();
        world.centre.run();
        CHECK(world.quarantined() == 0);
        CHECK(world.centre.readings() == 3 * kRecords);
        CHECK(world.centre.counter("retaken_total") == kRecords);
        for (const char* span : {"1m", "15m", "1h", "1d"}) {
            CAPTURE(span);
            CHECK(world.ask(std::string{"SELECT count(*) FROM failed_"} + span) == 0);
            CHECK(world.ask(std::string{"SELECT sum(failed) FROM rollup_"} + span) == 0);
        }
        CHECK(world.ask("SELECT max FROM rollup_1d JOIN dim_series ON id = series_id"
                        " WHERE name = 's.q'") == 80);
    }

    TEST_CASE("they count once, at whatever commit central dies or the sink fails") {
        for (int at = 0; at < 3; ++at) {
            for (const auto* how : {"dies", "fails before", "fails after"}) {
                CAPTURE(at);
                CAPTURE(how);
                World world;
                world.centre.engine.rules = at_most(100);
                world.centre.restart();
                for (int i = 0; i < at; ++i) world.centre.tick();
                // Some is still to come: the fault meets a commit that takes readings out.
                REQUIRE(world.quarantined() == kRecords - 3 * static_cast<std::uint64_t>(at));
                if (std::string{how} == "dies") world.centre.restart();
                if (std::string{how} == "fails before") world.centre.sink->fail_before = 1;
                if (std::string{how} == "fails after") world.centre.sink->fail_after = 1;
                world.centre.run();
                CHECK(world.centre.sink->fail_before == 0);
                CHECK(world.centre.sink->fail_after == 0);
                CHECK(world.quarantined() == 0);
                CHECK(world.centre.readings() == 3 * kRecords);
                CHECK(world.ask("SELECT count(*) FROM failed_1m") == 0);
            }
        }
    }
}
