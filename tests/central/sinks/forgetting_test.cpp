// Goal: a node that is forgotten leaves nothing in any table, and its neighbours keep everything.
#include <doctest/doctest.h>

#include <map>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

/// A step with something of the node in every table.
sinks::Commit everything_of(const std::string& node, const sinks::PartitionState& state) {
    sinks::Commit step = step_of(state, "1-0");
    step.marks = {mark(node, 1, 7)};
    step.tail = {mark(node, 1, 6), mark(node, 1, 7)};
    auto& changes = step.changes;
    changes = {};
    changes.nodes[node] = node_row(node);
    auto series = series_row(node, "a.x");
    series.ahead = engine::AheadRow{.at = at(0), .value = 1, .readings = 1};
    series.periods = {{.since = dimensions::kLongAgo, .period = 60s}};
    changes.series[{node, "a.x"}] = series;
    changes.windows[{1min, node, "a.x", at(0)}] = window_row(1);
    changes.windows[{1h, node, "a.x", at(0)}] = window_row(1);
    changes.gaps.push_back({.node = node,
                            .incarnation = {1},
                            .from = 1,
                            .to = 2,
                            .reason = "lost",
                            .readings = {},
                            .first_at = {},
                            .last_at = {}});
    changes.quarantined.push_back({.node = node,
                                   .incarnation = {1},
                                   .seq = 6,
                                   .line = "{}",
                                   .reason = "malformed: not JSON",
                                   .received = at(0),
                                   .parts = {""}});
    changes.boots[{node, "b1"}] = {.node = node,
                                   .boot = "b1",
                                   .tie = {},
                                   .unplaced = 1,
                                   .first = engine::RecordPlace{.incarnation = {1}, .seq = 5}};
    changes.unplaced.push_back({.id = 0,
                                .node = node,
                                .boot = "b1",
                                .incarnation = {1},
                                .seq = 5,
                                .received = at(0),
                                .line = "{}"});
    changes.statements.push_back({.node = node,
                                  .series = "a.x",
                                  .from = at(0),
                                  .location = "/" + node,
                                  .tags = std::vector<std::string>{"x"}});
    changes
        .findings[{.node = node, .series = "a.x", .code = detect::Code::odd, .from = at(0)}] = {};
    changes.series[{node, "a.x"}].course_since = engine::kAlways;
    changes.courses[{node, "a.x", at(0)}] = {.to = at(3'600'000),
                                             .stretches = {{at(0), at(1), 1, 1, 2}}};
    changes.readings.push_back({.node = node,
                                .series = "a.x",
                                .blocks = {{.origin = {},
                                            .is_ahead = false,
                                            .first_at = at(0),
                                            .last_at = at(0),
                                            .readings = {{.at = at(0), .value = 1}}}}});
    changes.watches[{node, "a.x"}] = {.state = "s", .habits = "h"};
    return step;
}

struct World {
    World() {
        state = sink->load(0, 1).value().state;
        for (const auto* node : {"attic", "attic-2"}) {
            REQUIRE(sink->commit(everything_of(node, state)));
            place_one(node);
            write_alerts_of(node);
        }
        compare_all();
        const auto all = sink->judged(0, 10);
        REQUIRE(all);
        for (const auto& series : all.value()) {
            REQUIRE(
                sink->write({{.series = series.id, .reached = series.spans[0], .windows = {}}}));
        }
    }
    /// A record that waited for the clock of its boot, and waits no more.
    void place_one(const std::string& node) {
        const engine::BootTie tie{.since_boot = 9s, .utc = at(9'000), .error = 1ms};
        auto step = step_of(state, "1-0");
        step.changes = {};
        step.changes.boots[{node, "b0"}] = {.node = node, .boot = "b0", .tie = tie, .unplaced = 1};
        step.changes.unplaced.push_back({.id = 0,
                                         .node = node,
                                         .boot = "b0",
                                         .incarnation = {1},
                                         .seq = 4,
                                         .received = at(0),
                                         .line = "{}"});
        REQUIRE(sink->commit(step));
        const auto waiting = sink->memory().placeable(10);
        REQUIRE(waiting);
        REQUIRE(waiting.value().size() == 1);
        step.changes = {};
        step.changes.placed = {waiting.value()[0].id};
        step.changes.boots[{node, "b0"}] = {.node = node, .boot = "b0", .tie = tie, .unplaced = 0};
        REQUIRE(sink->commit(step));
    }
    /// What is known of every series beside its neighbours.
    void compare_all() {
        auto opened = central_test::AnyDatabase::open({.path = path});
        REQUIRE(opened);
        auto database = std::move(opened).value();
        REQUIRE(database.execute(
            "INSERT INTO drift_state (series_id, site, quantity, unit, place, state)"
            " SELECT id, '/house', 'temperature', 'Cel', '/house', ' ' FROM dim_series"));
    }
    void write_alerts_of(const std::string& node) {
        alerts::Alert alert{.id = node,
                            .code = "limit",
                            .node = node,
                            .state = alerts::State::closed,
                            .opened = at(0),
                            .updated = at(0),
                            .closed = at(0),
                            .sentence = "x"};
        REQUIRE(book.save({alert}, {{"mqtt", {node, 1}}}));
        REQUIRE(book.add_silence({.node = node, .from = at(0), .to = at(1)}));
    }
    /// Rows by table, without those that belong to no node.
    std::map<std::string, std::int64_t> rows() {
        auto opened = central_test::AnyDatabase::open({.path = path, .is_read_only = true});
        auto database = std::move(opened).value();
        const auto names = database.tables().value();
        std::map<std::string, std::int64_t> rows;
        for (const auto& name : names) {
            if (name == "meta" || name == "partition" || name == "dim_tag" ||
                name == "drift_judged" || name == "etl_log" || name.starts_with("sqlite_"))
                continue;
            rows[name] = database.number("SELECT count(*) FROM " + name).value();
        }
        return rows;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::DatabaseSink> sink =
        sinks::open_sink({.path = central_test::place(path), .spans = {1min, 1h}}).value();
    sinks::PartitionState state;
    sinks::AlertBook book{central_test::place(path)};
};

}  // namespace

TEST_CASE("a series is forgotten alone") {
    World world;
    auto step = step_of(world.state, "3-0");
    step.changes = {};
    for (const auto* series : {"a.x", "b.x"}) {
        step.changes.series[{"attic", series}] = series_row("attic", series);
        step.changes.windows[{1min, "attic", series, at(0)}] = window_row(2);
    }
    REQUIRE(world.sink->commit(step));
    const auto others = [&] { return world.sink->holdings("attic-2").value().windows; };
    const auto before = others();
    const auto all = world.sink->holdings("attic").value();
    CHECK_FALSE(world.sink->holdings("attic", "c.x").value().is_known);
    const auto holdings = world.sink->holdings("attic", "a.x").value();
    CHECK(holdings.is_known);
    CHECK(holdings.series == 1);
    CHECK(holdings.windows == 2);
    REQUIRE(world.sink->forget("attic", "a.x"));
    CHECK_FALSE(world.sink->holdings("attic", "a.x").value().is_known);
    const auto left = world.sink->holdings("attic").value();
    CHECK(left.series == 1);
    CHECK(left.windows == all.windows - 2);
    CHECK(left.gaps == all.gaps);
    CHECK(left.quarantined == all.quarantined);
    CHECK(others() == before);
}

TEST_CASE("what is forgotten is told before, and every table loses exactly that") {
    World world;
    const auto before = world.rows();
    CHECK(before.size() >= 15);
    for (const auto& [table, rows] : before) {
        CAPTURE(table);
        CHECK(rows > 0);
    }
    const auto holdings = world.sink->holdings("attic").value();
    CHECK(holdings.is_known);
    CHECK(holdings.series == 1);
    CHECK(holdings.readings == 12);
    CHECK(holdings.windows == 2);
    CHECK(holdings.gaps == 1);
    CHECK(holdings.unplaced == 1);
    CHECK(holdings.quarantined == 1);
    REQUIRE(world.sink->forget("attic"));
    for (const auto& [table, rows] : world.rows()) {
        CAPTURE(table);
        CHECK(2 * rows == before.at(table));
    }
    CHECK_FALSE(world.sink->holdings("attic").value().is_known);
    CHECK(world.sink->holdings("attic-2").value().windows == 2);
    const auto loaded = world.sink->load(0, 1).value();
    REQUIRE(loaded.marks.size() == 1);
    CHECK(loaded.marks[0].node == "attic-2");
}

TEST_CASE("a node that comes back after it was forgotten is new") {
    World world;
    REQUIRE(world.sink->forget("attic"));
    REQUIRE(world.sink->forget("attic"));
    auto step = everything_of("attic", world.sink->load(0, 1).value().state);
    step.changes.windows.begin()->second.summary.count = 1;
    REQUIRE(world.sink->commit(step));
    CHECK(world.sink->holdings("attic").value().windows == 2);
    CHECK(world.sink->memory().window({1min, "attic", "a.x", at(0)}).value()->revision == 1);
}

TEST_CASE("an alert that holds stays when its node is forgotten, so that its end is told") {
    World world;
    alerts::Alert alert{.id = "open",
                        .code = "lost",
                        .node = "attic",
                        .opened = at(0),
                        .updated = at(0),
                        .sentence = "x"};
    REQUIRE(world.book.save({alert}, {{"mqtt", {"open", 1}}}));
    REQUIRE(world.sink->forget("attic"));
    const auto kept = world.book.load(at(1)).value();
    REQUIRE(kept.alerts.size() == 1);
    CHECK(kept.alerts[0].id == "open");
    CHECK(kept.deliveries.size() == 1);
}
