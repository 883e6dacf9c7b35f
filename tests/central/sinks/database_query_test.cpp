#include "central/sinks/database_query.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "central/database/place.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/spans.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

struct World {
    World() {
        auto opened = sinks::open_sink({.path = central_test::place(folder.file("leat.db"))});
        REQUIRE(opened);
        sink = std::move(opened).value();
        state = sink->load(0, 1).value().state;
        auto reader = sinks::DatabaseQuery::open(central_test::place(folder.file("leat.db")));
        REQUIRE_MESSAGE(reader, reader.error().detail);
        query = std::move(reader).value();
    }

    void commit_windows(std::int64_t count) {
        auto step = step_of(state, "1-0");
        for (std::int64_t i = 0; i < count; ++i) {
            step.changes.windows[{1min, "attic", "climate.temperature", at(i * 60'000)}] =
                window_row(static_cast<std::uint64_t>(i));
        }
        REQUIRE(sink->commit(step));
    }

    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseSink> sink;
    sinks::PartitionState state;
    std::unique_ptr<sinks::DatabaseQuery> query;
};

engine::GapRow evicted(std::uint64_t from, std::uint64_t to) {
    return {.node = "attic",
            .incarnation = {1},
            .from = from,
            .to = to,
            .reason = "evicted",
            .readings = 12,
            .first_at = at(1'000),
            .last_at = at(2'000)};
}

}  // namespace

TEST_CASE("a reader sees what was committed after it was opened") {
    World world;
    CHECK(world.query->nodes().value().empty());
    world.commit_windows(1);
    REQUIRE(world.query->nodes().value().size() == 1);
    CHECK(world.query->nodes().value()[0].node == "attic");
    CHECK(world.query->nodes().value()[0].applied.seq == 7);
    REQUIRE(world.query->series("attic").value().size() == 1);
    CHECK(world.query->series("").value().size() == 1);
    CHECK(world.query->series("cellar").value().empty());
    CHECK(world.query->series("attic").value()[0].declared.unit == "Cel");
}

TEST_CASE("nodes and series come in pages that leave nothing out and repeat nothing") {
    World world;
    auto step = step_of(world.state, "1-0");
    for (const char* node : {"attic", "attic-2", "b", "cellar"}) {
        step.changes.nodes[node] = node_row(node);
        for (const char* series : {"a.b", "climate.temperature", "z.z"}) {
            step.changes.series[{node, series}] = series_row(node, series);
        }
    }
    REQUIRE(world.sink->commit(step));
    const auto key = [](const engine::SeriesRow& row) {
        return row.node + "/" + row.declared.series;
    };
    for (const std::string node : {"", "attic-2"}) {
        const auto all = world.query->series(node).value();
        REQUIRE(all.size() == (node.empty() ? 12 : 3));
        for (std::size_t limit = 1; limit <= 4; ++limit) {
            std::vector<std::string> seen;
            std::string after;
            for (;;) {
                const auto page =
                    world.query->series(node, {.after = after, .limit = limit}).value();
                if (page.empty()) break;
                CHECK(page.size() <= limit);
                for (const auto& row : page) seen.push_back(key(row));
                after = seen.back();
            }
            REQUIRE(seen.size() == all.size());
            for (std::size_t i = 0; i < all.size(); ++i) CHECK(seen[i] == key(all[i]));
        }
    }
    CHECK(world.query->series("attic", {.after = "b/a.b", .limit = {}}).value().empty());
    CHECK(world.query->series("b", {.after = "attic/z.z", .limit = {}}).value().size() == 3);
    REQUIRE(world.query->nodes().value().size() == 4);
    const auto two = world.query->nodes({.after = "attic", .limit = 2}).value();
    REQUIRE(two.size() == 2);
    CHECK(two[0].node == "attic-2");
    CHECK(two[1].node == "b");
    CHECK(world.query->node("b").value()->node == "b");
    CHECK_FALSE(world.query->node("attic-1").value());
}

TEST_CASE("windows come oldest first, from inclusive, to exclusive, and one more than asked for") {
    World world;
    world.commit_windows(10);
    sinks::WindowRange range{.node = "attic",
                             .series = "climate.temperature",
                             .span = 1min,
                             .from = at(120'000),
                             .to = at(300'000)};
    const auto rows = world.query->windows(range).value();
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].first == at(120'000));
    CHECK(rows[2].first == at(240'000));
    CHECK(rows[2].second == window_row(4));
    range.rows_max = 1;
    CHECK(world.query->windows(range).value().size() == 2);
    range.series = "climate.humidity";
    CHECK(world.query->windows(range).value().empty());
}

TEST_CASE("windows of a span that is not stored are merged from the longest that divides it") {
    World world;
    auto step = step_of(world.state, "1-0");
    const auto put = [&](base::Duration span, std::int64_t hour, double first, double second) {
        engine::WindowRow row;
        row.merge({.first_at = at(hour * 3'600'000 + 1),
                   .last_at = at(hour * 3'600'000 + 2),
                   .summary = wire::Summary::of(first)});
        row.merge({.first_at = at(hour * 3'600'000 + 3),
                   .last_at = at(hour * 3'600'000 + 4),
                   .summary = wire::Summary::of(second)});
        row.failed = 1;
        row.late = 2;
        row.revision = 3;
        step.changes.windows[{span, "attic", "climate.temperature", at(hour * 3'600'000)}] = row;
    };
    step.changes.windows.clear();
    put(1h, 5, 1, 9);
    put(1h, 6, 2, 3);
    put(1h, 11, 5, 4);
    put(1h, 12, 7, 7);
    put(1min, 7, 100, 100);  // Were minutes counted as well, it would show.
    REQUIRE(world.sink->commit(step));
    sinks::WindowRange range{.node = "attic",
                             .series = "climate.temperature",
                             .span = 6h,
                             .from = at(0),
                             .to = at(12 * 3'600'000 - 1)};
    const auto rows = world.query->windows(range).value();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].first == at(0));
    CHECK(rows[0].second.summary.count == 2);
    CHECK(rows[1].first == at(6 * 3'600'000));
    const auto& merged = rows[1].second;
    CHECK(merged.summary ==
          wire::Summary{
              .count = 4, .sum = 14, .sumsq = 54, .min = 2, .max = 5, .first = 2, .last = 4});
    CHECK(merged.failed == 2);
    CHECK(merged.late == 4);
    CHECK(merged.revision == 6);
    // The whole of a window that begins before the end of the range.
    range.to = at(6 * 3'600'000 + 1);
    CHECK(world.query->windows(range).value().at(1).second.summary.count == 4);
    range.to = at(30 * 3'600'000);
    CHECK(world.query->windows(range).value().size() == 3);
    range.rows_max = 1;
    CHECK(world.query->windows(range).value().size() == 2);
}

TEST_CASE("a span that has no windows is distinguished from one that is empty") {
    World world;
    const auto rows = world.query->windows(
        {.node = "attic", .series = "a.b", .span = 90s, .from = at(0), .to = at(1)});
    REQUIRE_FALSE(rows);
    CHECK(rows.error().fault == base::Fault::malformed);
    CHECK_FALSE(world.query->windows(
        {.node = "attic", .series = "a.b", .span = 0min, .from = at(0), .to = at(1)}));
}

TEST_CASE("gaps are found when they overlap the time asked for, and always without times") {
    World world;
    auto step = step_of(world.state, "1-0");  // With 3 … 5 lost, without times.
    step.changes.gaps.push_back(evicted(5, 9));
    REQUIRE(world.sink->commit(step));
    const auto between = [&](std::int64_t from, std::int64_t to) {
        return world.query->gaps("attic", at(from), at(to)).value().size();
    };
    CHECK(between(0, 5'000) == 2);
    CHECK(between(2'000, 5'000) == 2);
    CHECK(between(2'001, 5'000) == 1);
    CHECK(between(0, 1'001) == 2);
    CHECK(between(0, 1'000) == 1);
    const auto gaps = world.query->gaps("attic", at(0), at(5'000)).value();
    CHECK_FALSE(gaps[0].readings);
    CHECK(gaps[1].readings == 12);
    CHECK(gaps[1].last_at == at(2'000));
    CHECK(world.query->gaps("cellar", at(0), at(5'000)).value().empty());
}

TEST_CASE("what a node evicted is no gap where its records had arrived") {
    World world;
    auto step = step_of(world.state, "1-0");  // With 3 … 5 of incarnation 1 lost.
    step.changes.gaps.push_back(evicted(6, 9));
    step.changes.gaps.push_back(evicted(1, 2));
    step.changes.gaps.push_back(evicted(3, 5));
    step.changes.gaps.back().incarnation = {2};
    REQUIRE(world.sink->commit(step));
    const auto gaps = world.query->gaps("attic", at(0), at(5'000)).value();
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].reason == "lost");
}

TEST_CASE("what is in quarantine of a node is counted by reason, with the words of the newest") {
    World world;
    auto step = step_of(world.state, "1-0");
    step.changes.quarantined.clear();
    const auto put = [&](const std::string& node, const std::string& reason) {
        step.changes.quarantined.push_back({.node = node,
                                            .incarnation = {1},
                                            .seq = 1,
                                            .line = "{}",
                                            .reason = reason,
                                            .received = at(0)});
    };
    put("attic", "series_limit: a.b: the node has too many series");
    put("attic", "malformed: not JSON");
    put("attic", "series_limit: a.c: the node has too many series");
    put("cellar", "series_limit: a.d: the node has too many series");
    REQUIRE(world.sink->commit(step));
    const auto counts = world.query->quarantined("attic").value();
    REQUIRE(counts.size() == 2);
    CHECK(counts[0] ==
          sinks::QuarantineCount{.reason = "malformed", .records = 1, .detail = "not JSON"});
    CHECK(counts[1] == sinks::QuarantineCount{.reason = "series_limit",
                                              .records = 2,
                                              .detail = "a.c: the node has too many series"});
    CHECK(world.query->quarantined("hall").value().empty());
}

TEST_CASE("a file that is not there is an error, and none is made") {
    if (central_test::is_postgres()) return;
    const support::TemporaryFolder folder;
    CHECK_FALSE(sinks::DatabaseQuery::open(central_test::place(folder.file("leat.db"))));
    CHECK_FALSE(std::filesystem::exists(folder.file("leat.db")));
}

TEST_CASE("spans are named by their largest unit") {
    CHECK(sinks::span_name(1min) == "1m");
    CHECK(sinks::span_name(90s) == "90s");
    CHECK(sinks::span_name(1h) == "1h");
    CHECK(sinks::span_name(24h) == "1d");
    CHECK(sinks::span_name(250ms) == "250ms");
}

TEST_CASE("the readings next to a range are found, whatever span knows them") {
    World world;
    const auto put = [&](base::Duration span, std::int64_t start_ms, std::uint64_t count) {
        auto row = window_row(1);
        row.summary.count = count;
        row.first_at = at(start_ms + 1'000);
        row.last_at = at(start_ms + 2'000);
        row.failed = count == 0 ? 5 : 0;
        auto step = step_of(world.state, "1-0");
        step.changes.windows[{span, "attic", "climate.temperature", at(start_ms)}] = row;
        REQUIRE(world.sink->commit(step));
    };
    constexpr std::int64_t kHour = 3'600'000;
    put(1min, 5 * kHour, 4);
    put(1min, 9 * kHour, 4);
    put(1min, 7 * kHour, 0);  // Only failures: no reading.
    const sinks::WindowRange range{.node = "attic",
                                   .series = "climate.temperature",
                                   .span = 1min,
                                   .from = at(8 * kHour),
                                   .to = at(9 * kHour)};
    auto around = world.query->around(range);
    REQUIRE_MESSAGE(around, around.error().detail);
    CHECK(around.value().before == at(5 * kHour + 2'000));
    CHECK(around.value().after == at(9 * kHour + 1'000));
    put(1h, 6 * kHour, 4);
    put(1h, 8 * kHour, 4);
    CHECK(world.query->around(range).value().before == at(6 * kHour + 2'000));
    auto nowhere = range;
    nowhere.series = "climate.humidity";
    CHECK_FALSE(world.query->around(nowhere).value().before);
    CHECK_FALSE(world.query->around(nowhere).value().after);

    auto failures = range;
    failures.from = at(0);
    const auto found = world.query->failures(failures);
    REQUIRE(found);
    CHECK(found.value() == std::pair{at(7 * kHour), at(7 * kHour)});
    failures.to = at(7 * kHour);
    CHECK_FALSE(world.query->failures(failures).value());
}
