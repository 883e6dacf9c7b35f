// What every sink promises, whatever it is made of.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "central/database/place.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

/// A SQLite sink that can be closed and opened again.
class SqliteWorld {
  public:
    SqliteWorld() { reopen(); }

    void reopen() {
        sink_.reset();
        auto opened = sinks::open_sink({.path = central_test::place(folder_.file("leat.db"))});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink_ = std::move(opened).value();
    }
    sinks::Sink& sink() { return *sink_; }

    sinks::Loaded load(std::uint32_t partition = 0) {
        auto loaded = sink().load(partition, 1);
        REQUIRE_MESSAGE(loaded, loaded.error().detail);
        return loaded.value();
    }
    void commit(const sinks::Commit& step) {
        const auto committed = sink().commit(step);
        REQUIRE_MESSAGE(committed, committed.error().detail);
    }

  private:
    support::TemporaryFolder folder_;
    std::unique_ptr<sinks::DatabaseSink> sink_;
};

void check_everything(sinks::Sink& sink) {
    auto& memory = sink.memory();
    const auto node = memory.node("attic");
    REQUIRE(node);
    REQUIRE(node.value());
    const auto expected_node = node_row("attic");
    CHECK(node.value()->incarnation == expected_node.incarnation);
    CHECK(node.value()->applied == expected_node.applied);
    CHECK(node.value()->stored_at == expected_node.stored_at);
    CHECK(node.value()->newest == expected_node.newest);
    CHECK(node.value()->clock == expected_node.clock);
    CHECK(node.value()->lost_records == expected_node.lost_records);
    const auto series = memory.series("attic");
    REQUIRE(series);
    REQUIRE(series.value().size() == 1);
    const auto expected = series_row("attic", "climate.temperature");
    const auto& row = series.value()[0];
    CHECK(row.node == expected.node);
    CHECK(row.declared.series == expected.declared.series);
    CHECK(row.declared.unit == expected.declared.unit);
    CHECK(row.declared.also_between);
    CHECK(row.declared.least == expected.declared.least);
    CHECK(row.declared.most == expected.declared.most);
    CHECK(row.declared.period == expected.declared.period);
    CHECK(row.first_at == expected.first_at);
    CHECK(row.last_value == expected.last_value);
    CHECK(row.readings == expected.readings);
    const auto minute = memory.window({1min, "attic", "climate.temperature", at(-60'000)});
    REQUIRE(minute);
    CHECK(minute.value() == window_row(1));
    const auto hour = memory.window({1h, "attic", "climate.temperature", at(0)});
    REQUIRE(hour);
    CHECK(hour.value() == window_row(2));
}

}  // namespace

TEST_CASE_TEMPLATE("a new sink begins at the beginning and knows nobody", World, SqliteWorld) {
    World world;
    const auto loaded = world.load();
    CHECK(loaded.state.cursor == "0-0");
    CHECK(loaded.state.lineage.empty());
    CHECK(loaded.marks.empty());
    CHECK_FALSE(world.sink().memory().node("attic").value());
    CHECK(world.sink().memory().series("attic").value().empty());
    CHECK_FALSE(world.sink().memory().window({1min, "attic", "a.b", at(0)}).value());
}

TEST_CASE_TEMPLATE("what was committed is there, and still there after reopening", World,
                   SqliteWorld) {
    World world;
    world.commit(step_of(world.load().state, "17-4"));
    check_everything(world.sink());
    world.reopen();
    check_everything(world.sink());
    const auto loaded = world.load();
    CHECK(loaded.state.cursor == "17-4");
    CHECK(loaded.state.lineage == "origin");
    REQUIRE(loaded.marks.size() == 1);
    CHECK(loaded.marks[0] == mark("attic", 1, 7));
    CHECK(loaded.ahead.empty());
}

TEST_CASE_TEMPLATE("every period that a series was declared with is kept", World, SqliteWorld) {
    World world;
    auto step = step_of(world.load().state, "17-4");
    auto row = series_row("attic", "climate.temperature");
    const auto is_kept = [&] {
        world.reopen();
        const auto kept = world.sink().memory().series("attic");
        REQUIRE(kept);
        return kept.value().at(0).periods == row.periods;
    };
    const auto commit = [&](const dimensions::DeclaredPeriods& periods) {
        row.periods = periods;
        step.changes = {};
        step.changes.series[{"attic", "climate.temperature"}] = row;
        step.partitions = {world.load().state};
        world.commit(step);
        return is_kept();
    };
    const dimensions::DeclaredPeriod first{.since = dimensions::kLongAgo, .period = 60s};
    CHECK(commit({}));
    CHECK(commit({first}));
    CHECK(commit({first, {.since = at(1'000), .also_between = true}}));
    CHECK(commit({first, {.since = at(1'000), .also_between = true}, {at(2'000), 60s, false}}));
    CHECK(commit({{.since = at(500)}, {at(2'000), 60s, false}}));
}

TEST_CASE_TEMPLATE("a commit with an older fence changes nothing", World, SqliteWorld) {
    World world;
    const auto old = world.load();
    const auto claimed = world.load();
    CHECK(claimed.state.fence > old.state.fence);
    const auto refused = world.sink().commit(step_of(old.state, "17-4"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::transient);
    const auto again = world.load();
    CHECK(again.state.cursor == "0-0");
    CHECK(again.marks.empty());
    CHECK_FALSE(world.sink().memory().node("attic").value());
    world.commit(step_of(again.state, "17-4"));
    check_everything(world.sink());
}

TEST_CASE_TEMPLATE("one stale partition keeps the whole step out", World, SqliteWorld) {
    World world;
    const auto zero = world.load(0);
    const auto one = world.load(1);
    static_cast<void>(world.load(1));
    auto step = step_of(zero.state, "5-0");
    step.partitions.push_back(one.state);
    CHECK_FALSE(world.sink().commit(step));
    CHECK(world.load(0).state.cursor == "0-0");
}

TEST_CASE_TEMPLATE("a later commit replaces rows and marks", World, SqliteWorld) {
    World world;
    const auto state = world.load().state;
    world.commit(step_of(state, "17-4"));
    auto step = step_of(state, "18-0");
    step.marks = {mark("attic", 1, 9)};
    step.tail = {mark("attic", 1, 8), mark("attic", 1, 9)};
    auto row = window_row(2);
    row.summary.count = 5;
    step.changes.windows = {{{1min, "attic", "climate.temperature", at(-60'000)}, row}};
    world.commit(step);
    CHECK(
        world.sink().memory().window({1min, "attic", "climate.temperature", at(-60'000)}).value() ==
        row);
    CHECK(world.load().marks == std::vector{mark("attic", 1, 9)});
}

TEST_CASE_TEMPLATE("a record applied is recognised by its chain value within the tail", World,
                   SqliteWorld) {
    World world;
    world.commit(step_of(world.load().state, "17-4"));
    const auto ask = [&](std::uint64_t incarnation, std::uint64_t seq, int hash) {
        const auto match = world.sink().applied(
            "attic", {.incarnation = {incarnation}, .seq = seq, .hash = hash_of(hash)});
        REQUIRE(match);
        return std::pair{match.value().same, match.value().other};
    };
    CHECK(ask(1, 7, 7) == std::pair{true, false});
    CHECK(ask(1, 7, 99) == std::pair{false, true});
    CHECK(ask(1, 8, 8) == std::pair{false, false});
    CHECK(ask(2, 7, 7) == std::pair{false, false});
}

TEST_CASE_TEMPLATE("the tail is kept to its length", World, SqliteWorld) {
    World world;
    const auto state = world.load().state;
    auto step = step_of(state, "1-0");
    step.tail_records = 3;
    step.tail.clear();
    for (std::uint64_t seq = 1; seq <= 7; ++seq) step.tail.push_back(mark("attic", 1, seq));
    world.commit(step);
    step.tail = {mark("attic", 1, 8)};
    step.marks = {mark("attic", 1, 8)};
    world.commit(step);
    for (std::uint64_t seq = 1; seq <= 8; ++seq) {
        CAPTURE(seq);
        const auto match = world.sink().applied(
            "attic", {.incarnation = {1}, .seq = seq, .hash = hash_of(static_cast<int>(seq))});
        CHECK(match.value().same == (seq > 5));
    }
}

TEST_CASE_TEMPLATE("records applied beyond a mark are given when the partition is claimed", World,
                   SqliteWorld) {
    World world;
    auto step = step_of(world.load().state, "1-0");
    step.tail = {mark("attic", 1, 7), mark("attic", 9, 5)};
    world.commit(step);
    world.reopen();
    CHECK(world.load().ahead == std::vector{mark("attic", 9, 5)});
}

TEST_CASE_TEMPLATE("a partition gets the marks of its own nodes only", World, SqliteWorld) {
    World world;
    auto step = step_of(world.load().state, "1-0");
    step.marks.clear();
    for (int i = 0; i < 20; ++i) step.marks.push_back(mark("node-" + std::to_string(i), 1, 3));
    world.commit(step);
    std::size_t given = 0;
    for (std::uint32_t p = 0; p < 4; ++p) {
        const auto loaded = world.sink().load(p, 4);
        REQUIRE(loaded);
        for (const auto& mark : loaded.value().marks) {
            CHECK(wire::partition_of(mark.node, 4) == p);
            given += mark.mark.seq > 0 ? 1 : 0;
        }
    }
    CHECK(given == 20);
}
