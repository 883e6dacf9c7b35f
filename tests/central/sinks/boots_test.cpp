// What a sink keeps of boots and of the records that wait for them.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

const engine::BootTie kTie{.since_boot = 93'000ms, .utc = at(1'763'630'093'000), .error = 12ms};

engine::UnplacedLine line(const std::string& boot, std::uint64_t seq) {
    return {.node = "attic",
            .boot = boot,
            .incarnation = {0xfedcba9876543210U},
            .seq = seq,
            .received = at(5'000),
            .line = "line " + std::to_string(seq)};
}

struct World {
    World() { reopen(); }

    void reopen() {
        sink.reset();
        auto opened = sinks::open_sink({.path = central_test::place(path)});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
        const auto loaded = sink->load(0, 1);
        REQUIRE(loaded);
        state = loaded.value().state;
    }
    void commit(engine::Changes changes) {
        sinks::Commit step;
        step.partitions.push_back(state);
        step.changes = std::move(changes);
        const auto committed = sink->commit(step);
        REQUIRE_MESSAGE(committed, committed.error().detail);
    }
    void put(const std::string& boot, std::uint64_t unplaced, std::optional<engine::BootTie> tie) {
        engine::Changes changes;
        changes.boots[{"attic", boot}] = {
            .node = "attic", .boot = boot, .tie = tie, .unplaced = unplaced};
        commit(std::move(changes));
    }
    void put_lines(const std::vector<engine::UnplacedLine>& lines) {
        engine::Changes changes;
        changes.unplaced = lines;
        commit(std::move(changes));
    }
    std::vector<engine::UnplacedLine> placeable(std::size_t lines_max = 100) {
        const auto lines = sink->memory().placeable(lines_max);
        REQUIRE_MESSAGE(lines, lines.error().detail);
        return lines.value();
    }
    std::optional<engine::BootRow> boot(const std::string& name) {
        const auto row = sink->memory().boot("attic", name);
        REQUIRE(row);
        return row.value();
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::DatabaseSink> sink;
    sinks::PartitionState state;
};

}  // namespace

TEST_SUITE("sinks/boots") {
    TEST_CASE("a boot is read as it was written, with and without a tie to UTC") {
        World world;
        CHECK_FALSE(world.boot("b"));
        world.put("b", 3, {});
        world.reopen();
        CHECK(world.boot("b") ==
              engine::BootRow{.node = "attic", .boot = "b", .tie = {}, .unplaced = 3});
        world.put("b", 2, kTie);
        world.reopen();
        CHECK(world.boot("b") ==
              engine::BootRow{.node = "attic", .boot = "b", .tie = kTie, .unplaced = 2});
    }

    TEST_CASE(
        "lines whose boot is tied are placeable, boot by boot, oldest first, until they are "
        "placed") {
        World world;
        world.put("b", 2, {});
        world.put("c", 2, {});
        world.put_lines({line("c", 1), line("b", 2), line("c", 3), line("b", 4)});
        CHECK(world.placeable().empty());
        world.put("c", 2, kTie);
        world.reopen();
        auto lines = world.placeable();
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].seq == 1);
        CHECK(lines[1].seq == 3);
        CHECK(lines[1].line == "line 3");
        CHECK(lines[1].boot == "c");
        CHECK(lines[1].incarnation == wire::Incarnation{0xfedcba9876543210U});
        CHECK(lines[1].received == at(5'000));
        world.put("b", 2, kTie);
        lines = world.placeable(3);
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].seq == 2);
        CHECK(lines[1].seq == 4);
        CHECK(lines[2].seq == 1);
        engine::Changes changes;
        for (const auto& placed : lines) changes.placed.push_back(placed.id);
        changes.boots[{"attic", "b"}] = {.node = "attic", .boot = "b", .tie = kTie, .unplaced = 0};
        changes.boots[{"attic", "c"}] = {.node = "attic", .boot = "c", .tie = kTie, .unplaced = 1};
        world.commit(std::move(changes));
        world.reopen();
        lines = world.placeable();
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].seq == 3);
    }

    TEST_CASE("a node says how many of its records wait") {
        World world;
        world.put("b", 5, {});
        world.put("c", 2, kTie);
        engine::Changes changes;
        changes.nodes["attic"] = node_row("attic");
        world.commit(std::move(changes));
        const auto row = world.sink->memory().node("attic");
        REQUIRE(row);
        REQUIRE(row.value());
        CHECK(row.value()->unplaced == 7);
        const auto query = sinks::DatabaseQuery::open(central_test::place(world.path));
        REQUIRE(query);
        CHECK(query.value()->nodes().value().at(0).unplaced == 7);
    }

    TEST_CASE("a node says how many records waited in its newest boot without a clock") {
        World world;
        const auto query = sinks::DatabaseQuery::open(central_test::place(world.path));
        REQUIRE(query);
        const auto told = [&query] { return query.value()->last_placed("attic").value(); };
        const auto place = [&world](const engine::BootTie& tie, const std::string& boot) {
            world.put(boot, 2, tie);
            world.put_lines({line(boot, 1), line(boot, 2)});
            for (const auto& waiting : world.placeable()) {
                engine::Changes changes;
                changes.placed.push_back(waiting.id);
                world.commit(std::move(changes));
            }
        };
        CHECK_FALSE(told());
        place(kTie, "b");
        REQUIRE(told());
        CHECK(told()->records == 2);
        CHECK(told()->started == kTie.utc - kTie.since_boot);
        CHECK(told()->clock_set == kTie.utc);
        place({.since_boot = 5s, .utc = kTie.utc + 1h, .error = 1ms}, "c");
        CHECK(told()->records == 2);
        CHECK(told()->started == kTie.utc + 1h - 5s);
        // A boot before that, which was tied late, changes nothing.
        place({.since_boot = 5s, .utc = kTie.utc - 1h, .error = 1ms}, "a");
        CHECK(told()->clock_set == kTie.utc + 1h);
        CHECK_FALSE(query.value()->last_placed("cellar").value());
    }

    TEST_CASE("boots with waiting records all stay, and of the others the last ones") {
        World world;
        world.put("waits", 1, {});
        for (int i = 0; i < 40; ++i) world.put("b" + std::to_string(i), 0, kTie);
        CHECK(world.boot("waits"));
        CHECK_FALSE(world.boot("b23"));
        CHECK(world.boot("b24"));
        CHECK(world.boot("b39"));
    }

    TEST_CASE("a database from before there were boots is brought up to date") {
        World world;
        engine::Changes changes;
        changes.nodes["attic"] = node_row("attic");
        world.commit(std::move(changes));
        world.sink.reset();
        auto database = central_test::AnyDatabase::open({.path = world.path});
        REQUIRE(database);
        auto old = std::move(database).value();
        REQUIRE(old.execute("DROP VIEW v_pipeline_health; DROP TABLE boot; DROP TABLE unplaced; " +
                            central_test::older(1)));
        world.reopen();
        world.put("b", 1, {});
        CHECK(world.sink->memory().node("attic").value()->unplaced == 1);
    }

    TEST_CASE("a commit that fails leaves the lines where they were") {
        World world;
        world.put("b", 1, kTie);
        world.put_lines({line("b", 1)});
        engine::Changes changes;
        changes.placed.push_back(world.placeable().at(0).id);
        sinks::Commit step;
        step.partitions.push_back(world.state);
        step.partitions[0].fence = 99;  // Another central's.
        step.changes = std::move(changes);
        CHECK_FALSE(world.sink->commit(step));
        world.reopen();
        CHECK(world.placeable().size() == 1);
    }

    TEST_CASE("the boots around one that waits stay, with their places, until it no longer does") {
        World world;
        const auto put = [&](int number, std::uint64_t unplaced, bool is_tied) {
            engine::Changes changes;
            const auto name = "b" + std::to_string(number);
            engine::BootRow row{.node = "attic", .boot = name, .tie = {}, .unplaced = unplaced};
            if (is_tied) row.tie = kTie;
            row.first = engine::RecordPlace{{1}, static_cast<std::uint64_t>(number)};
            changes.boots[{"attic", name}] = row;
            world.commit(std::move(changes));
            return row;
        };
        put(0, 0, true);
        const auto before = put(1, 0, true);
        const auto waits = put(2, 3, false);
        const auto after = put(3, 0, true);
        for (int number = 4; number < 40; ++number) put(number, 0, true);
        auto query = sinks::DatabaseQuery::open(central_test::place(world.path));
        REQUIRE(query);
        auto rows = query.value()->boots("attic");
        REQUIRE(rows);
        REQUIRE(rows.value().size() == 19);
        CHECK(rows.value()[0] == before);
        CHECK(rows.value()[1] == waits);
        CHECK(rows.value()[2] == after);
        CHECK(world.boot("b2") == waits);
        put(2, 0, true);
        put(40, 0, true);
        rows = query.value()->boots("attic");
        REQUIRE(rows);
        CHECK(rows.value().size() == 16);
    }
}
