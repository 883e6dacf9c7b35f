// Goal: a record in quarantine leaves it in the transaction that counts it, and reasons of failed
// readings are kept with their windows.
#include <doctest/doctest.h>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

engine::Quarantined line(std::uint64_t seq, std::vector<std::string> parts) {
    return {.node = "attic",
            .incarnation = {1},
            .seq = seq,
            .line = "{}",
            .reason = "series_limit: a.b: the node has too many series",
            .received = at(5'000),
            .parts = std::move(parts)};
}

struct World {
    World() {
        state = sink->load(0, 1).value().state;
        step = step_of(state, "1-0");
        step.changes.quarantined.clear();
    }
    std::vector<engine::RefusedLine> refused(std::int64_t after = 0, std::size_t lines_max = 9) {
        return sink->memory().refused(after, lines_max).value();
    }
    std::int64_t count(const char* table) {
        auto opened =
            central_test::AnyDatabase::open({.path = folder.file("leat.db"), .is_read_only = true});
        auto database = std::move(opened).value();
        return database.number(std::string{"SELECT count(*) FROM "} + table).value();
    }

    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseSink> sink =
        sinks::open_sink({.path = central_test::place(folder.file("leat.db")), .quarantine_max = 3})
            .value();
    sinks::PartitionState state;
    sinks::Commit step;
};

}  // namespace

TEST_CASE("lines of which something may count later are given in order, with their parts") {
    World world;
    world.step.changes.quarantined = {line(1, {"b.x", "a.x"}), line(2, {}), line(3, {""})};
    REQUIRE(world.sink->commit(world.step));
    const auto lines = world.refused();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].seq == 1);
    CHECK(lines[0].kind == "series_limit");
    CHECK(lines[0].parts == std::vector<std::string>{"b.x", "a.x"});
    CHECK(lines[0].received == at(5'000));
    CHECK(lines[1].parts == std::vector<std::string>{engine::kWholeRecord});
    CHECK(world.refused(0, 1).size() == 1);
    REQUIRE(world.refused(lines[0].id).size() == 1);
    CHECK(world.refused(lines[0].id)[0].seq == 3);
}

TEST_CASE("a line that leaves the quarantine is gone with its parts") {
    World world;
    world.step.changes.quarantined = {line(1, {"b.x"}), line(2, {"c.x"})};
    REQUIRE(world.sink->commit(world.step));
    auto step = step_of(world.state, "2-0");
    step.changes.quarantined = {line(1, {"d.x"})};
    step.changes.retaken = {world.refused()[0].id};
    REQUIRE(world.sink->commit(step));
    const auto lines = world.refused();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].seq == 2);
    CHECK(lines[1].parts == std::vector<std::string>{"d.x"});
    CHECK(world.count("quarantine") == 2);
    CHECK(world.count("quarantine_part") == 2);
}

TEST_CASE("parts go with lines that a full quarantine drops") {
    World world;
    for (std::uint64_t seq = 1; seq <= 5; ++seq) {
        world.step.changes.quarantined.push_back(line(seq, {"a.x", "b.x"}));
    }
    const auto dropped = world.sink->commit(world.step).value().quarantine_dropped;
    CHECK(dropped == std::map<std::string, std::uint64_t>{{"series_limit", 2}});
    CHECK(world.count("quarantine_part") == 6);
    CHECK(world.refused()[0].seq == 3);
}

TEST_CASE("a flood of one reason pushes out no other, before and after a restart") {
    World world;
    auto other = line(1, {"a.x"});
    other.reason = "unmergeable: a.x: the span is longer than every window";
    world.step.changes.quarantined = {other, line(2, {"a.x"}), line(3, {"a.x"})};
    CHECK(world.sink->commit(world.step).value().quarantine_dropped.empty());
    world.sink.reset();
    world.sink = sinks::open_sink({.path = central_test::place(world.folder.file("leat.db")),
                                   .quarantine_max = 3})
                     .value();
    auto step = step_of(world.sink->load(0, 1).value().state, "2-0");
    for (std::uint64_t seq = 0; seq < 50; ++seq) {
        step.changes.quarantined = {line(10 + seq, {"a.x"})};
        const auto dropped = world.sink->commit(step).value().quarantine_dropped;
        CHECK(dropped == std::map<std::string, std::uint64_t>{{"series_limit", 1}});
    }
    const auto lines = world.refused();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].kind == "unmergeable");
    CHECK(lines[1].seq == 58);
    CHECK(lines[2].seq == 59);
    CHECK(world.count("quarantine_part") == 3);
}

TEST_CASE("dropped lines are gone with their parts, and make room") {
    World world;
    world.step.changes.quarantined = {line(1, {"a.x"}), line(2, {"a.x"}), line(3, {"a.x"})};
    REQUIRE(world.sink->commit(world.step));
    const auto id = world.refused()[1].id;
    CHECK(world.sink->drop_quarantined({.ids = {id}, .node = "cellar", .reason = {}}).value() == 0);
    CHECK(world.sink->drop_quarantined({.ids = {id}, .node = "attic", .reason = {}}).value() == 1);
    CHECK(world.count("quarantine_part") == 2);
    auto step = step_of(world.state, "2-0");
    step.changes.quarantined = {line(4, {"a.x"})};
    CHECK(world.sink->commit(step).value().quarantine_dropped.empty());
    CHECK(world.refused().size() == 3);
}

TEST_CASE("a reason for which nothing has failed any more leaves its window") {
    World world;
    const engine::WindowKey key{1min, "attic", "climate.temperature", at(0)};
    auto row = window_row(1);
    row.failed = 3;
    row.reasons = {{"checksum", 2}, {"set aside: range", 1}};
    world.step.changes.windows[key] = row;
    REQUIRE(world.sink->commit(world.step));
    row.failed = 2;
    row.reasons = {{"checksum", 2}};
    auto step = step_of(world.state, "2-0");
    step.changes.windows[key] = row;
    step.changes.healed = {{key, "set aside: range"}};
    REQUIRE(world.sink->commit(step));
    CHECK(world.sink->memory().window(key).value() == row);
    // What is back in the same step stays.
    row.failed = 3;
    row.reasons.push_back({"set aside: range", 1});
    step.changes.windows[key] = row;
    REQUIRE(world.sink->commit(step));
    CHECK(world.sink->memory().window(key).value() == row);
}

TEST_CASE("reasons are read with their windows, and add up in longer ones") {
    World world;
    const engine::WindowKey key{1min, "attic", "climate.temperature", at(0)};
    auto row = window_row(1);
    row.failed = 9;
    row.reasons = {{"checksum", 5}, {"no response", 2}};  // Two came from an older leat.
    world.step.changes.windows[key] = row;
    auto other = window_row(1);
    other.failed = 1;
    other.reasons = {{"checksum", 1}};
    world.step.changes.windows[{1min, "attic", "climate.temperature", at(60'000)}] = other;
    REQUIRE(world.sink->commit(world.step));
    CHECK(world.sink->memory().window(key).value() == row);

    auto query =
        sinks::DatabaseQuery::open(central_test::place(world.folder.file("leat.db"))).value();
    sinks::WindowRange range{.node = "attic",
                             .series = "climate.temperature",
                             .span = 1min,
                             .from = at(0),
                             .to = at(120'000)};
    const auto minutes = query->windows(range).value();
    REQUIRE(minutes.size() == 2);
    CHECK(minutes[0].second == row);
    CHECK(minutes[1].second.reasons == other.reasons);
    range.span = 2min;
    const auto merged = query->windows(range).value();
    REQUIRE(merged.size() == 1);
    CHECK(merged[0].second.failed == 10);
    CHECK(merged[0].second.reasons ==
          std::vector<engine::FailureCount>{{"checksum", 6}, {"no response", 2}});
}
