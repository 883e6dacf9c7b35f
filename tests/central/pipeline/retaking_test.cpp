// Goal: what is in quarantine because of a limit counts exactly once when the limit was raised,
// whatever dies meanwhile. Method: a node on paper with two series where one is allowed; central is
// started again with a higher limit, and the sink fails, or central dies, at every commit in turn.
#include <doctest/doctest.h>

#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

constexpr std::uint64_t kWide = 7;  // Records with a reading of each series: three commits.

std::string wide(std::uint64_t second) {
    return R"({"k":"data","t":)" + std::to_string(1'763'640'000'000 + second * 1'000) +
           R"(,"clk":"synced","series":{"s.q":{"dt":[0],"v":[1]},"t.q":{"dt":[0],"v":[2]}}})";
}

struct World {
    World() {
        centre.engine.series_per_node_max = 1;
        centre.restart();
        node.add_readings(1);
        for (std::uint64_t i = 1; i <= kWide; ++i) node.add(wide(i));
        node.add_readings(1);
        for (std::uint64_t seq = 1; seq <= kWide + 1; ++seq) source.append(node.entry(seq));
        centre.run();
        REQUIRE(centre.readings() == kWide + 1);
        centre.engine.series_per_node_max = 2;
    }
    std::uint64_t quarantined() {
        std::uint64_t records = 0;
        const auto counts = centre.query().quarantined("attic");
        for (const auto& count : counts.value()) records += count.records;
        return records;
    }

    WrittenNode node{"attic", 1};
    ScriptedSource source;
    Centre centre{source};
};

}  // namespace

TEST_SUITE("central/retaking") {
    TEST_CASE("what was beyond a limit counts after a start with a higher one, and only then") {
        World world;
        CHECK(world.quarantined() == kWide);
        world.centre.run();
        CHECK(world.quarantined() == kWide);
        world.centre.restart();
        world.source.append(world.node.entry(kWide + 2));
        world.centre.run();
        CHECK(world.quarantined() == 0);
        CHECK(world.centre.readings() == 2 * kWide + 2);
        CHECK(world.centre.counter("retaken_total") == kWide);
        CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(kWide + 2));
        world.centre.restart();
        world.centre.run();
        CHECK(world.centre.readings() == 2 * kWide + 2);
    }

    TEST_CASE("it counts once, at whatever commit central dies or the sink fails") {
        for (int at = 0; at < 3; ++at) {
            for (const auto* how : {"dies", "fails before", "fails after"}) {
                CAPTURE(at);
                CAPTURE(how);
                World world;
                world.centre.restart();
                for (int i = 0; i < at; ++i) world.centre.tick();
                // Some is still to come: the fault meets a commit that takes records out.
                REQUIRE(world.quarantined() == kWide - 3 * static_cast<std::uint64_t>(at));
                if (std::string{how} == "dies") world.centre.restart();
                if (std::string{how} == "fails before") world.centre.sink->fail_before = 1;
                if (std::string{how} == "fails after") world.centre.sink->fail_after = 1;
                world.centre.run();
                CHECK(world.centre.sink->fail_before == 0);
                CHECK(world.centre.sink->fail_after == 0);
                CHECK(world.quarantined() == 0);
                CHECK(world.centre.readings() == 2 * kWide + 1);
            }
        }
    }
}
