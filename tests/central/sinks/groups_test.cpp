// Goal: a group's windows are the merge of the stored rows of its series, where these were then,
// and nothing else. Method: random rows; an oracle adds the rows that the reader gives singly.

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

constexpr std::int64_t kQuarter = 900'000;
constexpr std::int64_t kWindows = 40;

engine::WindowRow random_row(base::Random& random, std::int64_t start) {
    engine::WindowRow row;
    const auto readings = random.below(6);
    for (std::uint64_t i = 0; i < readings; ++i) {
        const double value = static_cast<double>(random.below(1'000)) / 7;
        const auto time = at(start + static_cast<std::int64_t>(i));
        engine::Run run{.first_at = time, .last_at = time, .summary = {}};
        run.summary.add(value);
        run.sketch.emplace();
        run.sketch->add(value);
        row.merge(run);
    }
    row.failed = random.below(3);
    if (row.failed > 0) row.reasons = {{"checksum", row.failed}};
    row.revision = 1;
    return row;
}

struct World {
    World() {
        auto opened = sinks::open_sink(
            {.path = central_test::place(folder.file("leat.db")), .spans = {15min}});
        REQUIRE(opened);
        sink = std::move(opened).value();
        state = sink->load(0, 1).value().state;
        query = sinks::DatabaseQuery::open(central_test::place(folder.file("leat.db"))).value();
    }

    /// A series of the quantity with a row for most quarters of an hour, in /a and from `moves` on
    /// in /b.
    void add(const std::string& series, const std::string& quantity, const std::string& unit,
             std::int64_t moves) {
        auto& changes = step.changes;
        auto row = series_row("attic", series);
        row.declared.quantity = quantity;
        row.declared.unit = unit;
        changes.nodes["attic"] = node_row("attic");
        changes.series[{"attic", series}] = row;
        for (std::int64_t i = 0; i < kWindows; ++i) {
            if (random.chance(1, 5)) continue;
            const auto start = i * kQuarter;
            changes.windows[{15min, "attic", series, at(start)}] = random_row(random, start);
        }
        for (const auto& [from, location] :
             {std::pair{std::int64_t{0}, "/a/x"}, std::pair{moves, "/b"}}) {
            changes.statements.push_back({.node = "attic",
                                          .series = series,
                                          .from = at(from),
                                          .location = location,
                                          .tags = std::vector<std::string>{"t"}});
        }
    }
    void commit() {
        step.partitions.push_back(state);
        const auto committed = sink->commit(step);
        REQUIRE_MESSAGE(committed, committed.error().detail);
    }
    sinks::GroupWindows group(sinks::GroupRange range) {
        range.from = at(0);
        range.to = at(kWindows * kQuarter);
        if (range.quantity.empty()) range.quantity = "temperature";
        if (range.rows_max == 0) range.rows_max = 10'000;
        range.with_sketches = true;
        const auto found = query->group(range);
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value();
    }

    support::TemporaryFolder folder;
    base::Random random{5};
    std::unique_ptr<sinks::DatabaseSink> sink;
    sinks::PartitionState state;
    std::unique_ptr<sinks::DatabaseQuery> query;
    sinks::Commit step;
};

}  // namespace

TEST_SUITE("sinks/groups") {
    TEST_CASE("a group is the merge of the rows of its series, each where it was then") {
        World world;
        const std::int64_t move = 17 * kQuarter;
        world.add("a.one", "temperature", "Cel", move);
        world.add("a.two", "temperature", "Cel", 29 * kQuarter);
        world.add("a.wet", "humidity", "%RH", move);
        world.commit();
        for (const auto span : {base::Duration{15min}, base::Duration{1h}, base::Duration{6h}}) {
            const auto before = world.group({.location = "/a", .span = span});
            const auto after = world.group({.location = "/b", .span = span});
            CHECK(before.units == std::vector<std::string>{"Cel"});
            std::map<base::EventTime, engine::WindowRow> expected[2];
            std::size_t rows = 0;
            for (const auto& [name, moves] :
                 {std::pair{"a.one", move}, std::pair{"a.two", 29 * kQuarter}}) {
                const auto single = world.query->windows({.node = "attic",
                                                          .series = name,
                                                          .span = 15min,
                                                          .from = at(0),
                                                          .to = at(kWindows * kQuarter),
                                                          .with_sketches = true});
                REQUIRE(single);
                for (const auto& [start, row] : single.value()) {
                    auto plain = row;
                    plain.reasons.clear();
                    expected[start >= at(moves)][engine::window_start(start, span)].add(plain);
                    ++rows;
                }
            }
            CHECK(before.rows + after.rows == rows);
            const sinks::GroupWindows* groups[] = {&before, &after};
            for (const int side : {0, 1}) {
                REQUIRE(groups[side]->windows.size() == expected[side].size());
                for (const auto& [start, window] : groups[side]->windows) {
                    const auto& row = expected[side].at(start);
                    const auto start_ms = base::to_milliseconds(start);
                    CAPTURE(start_ms);
                    CHECK(window.row == row);
                    CHECK(window.row.quantile(0.5) == row.quantile(0.5));
                    CHECK(window.series >= 1);
                    CHECK(window.series <= 2);
                }
            }
        }
        const auto whole = world.group({.tag = "t", .span = 6h});
        CHECK(whole.windows.begin()->second.series == 2);
        CHECK(world.group({.tag = "none", .span = 1h}).windows.empty());
        CHECK(world.group({.location = "unknown", .span = 1h}).windows.empty());
        CHECK(world.group({.location = "/a/x", .quantity = "humidity", .span = 1h}).units ==
              std::vector<std::string>{"%RH"});
    }

    TEST_CASE("units that differ are told, and too many rows are not merged") {
        World world;
        world.add("a.one", "temperature", "Cel", 0);
        world.add("a.two", "temperature", "K", 0);
        world.commit();
        CHECK(world.group({.span = 1h}).units == std::vector<std::string>{"Cel", "K"});
        const auto cut = world.group({.span = 1h, .rows_max = 3});
        CHECK(cut.rows == 4);
        const auto odd = world.query->group({.quantity = "temperature", .span = 7min});
        REQUIRE_FALSE(odd);
        CHECK(odd.error().fault == base::Fault::malformed);
    }
}
