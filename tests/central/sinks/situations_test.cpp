// Goal: where a series was is kept with the meaning that it had: a move at T leaves windows before
// T where they were, whatever is said later, in whatever order, and by whom.
// Method: commits to a sink, questions to a reader, and SQL as people write it.

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/import.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/statements.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;
using dimensions::Situation;
using dimensions::Statement;

namespace {

using Tags = std::vector<std::string>;

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

Statement said(std::int64_t from, const std::string& location, const Tags& tags = {},
               const std::string& series = "climate.temperature") {
    return {
        .node = "attic", .series = series, .from = at(from), .location = location, .tags = tags};
}

Statement imported(const std::string& node, std::int64_t from, std::optional<std::int64_t> to,
                   const std::string& location, const std::string& series = "") {
    Statement statement{.node = node,
                        .series = series,
                        .is_imported = true,
                        .from = at(from),
                        .location = location};
    if (to) statement.to = at(*to);
    return statement;
}

struct World {
    World() {
        auto opened = sinks::open_sink({.path = central_test::place(path)});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
        state = sink->load(0, 1).value().state;
        auto reader = sinks::DatabaseQuery::open(central_test::place(path));
        REQUIRE(reader);
        query = std::move(reader).value();
    }

    sinks::Committed commit(engine::Changes changes) {
        sinks::Commit step;
        step.partitions.push_back(state);
        step.changes = std::move(changes);
        const auto committed = sink->commit(step);
        REQUIRE_MESSAGE(committed, committed.error().detail);
        return committed.value();
    }
    void add_series(const std::string& node, const std::string& series) {
        engine::Changes changes;
        changes.nodes[node] = node_row(node);
        changes.series[{node, series}] = series_row(node, series);
        commit(std::move(changes));
    }
    sinks::Committed say(const std::vector<Statement>& statements) {
        engine::Changes changes;
        changes.statements = statements;
        return commit(std::move(changes));
    }
    /// A window of an hour whose readings begin `late` after its start.
    void add_window(std::int64_t start, std::int64_t late = 0,
                    const std::string& series = "climate.temperature") {
        auto row = window_row(1);
        row.first_at = at(start + late);
        row.last_at = row.first_at;
        engine::Changes changes;
        changes.windows[{1h, "attic", series, at(start)}] = row;
        commit(std::move(changes));
    }
    sinks::Imported import(const std::vector<Statement>& statements) {
        const auto done = sinks::import_dimensions(central_test::place(path),
                                                   {.statements = statements, .meanings = {}});
        REQUIRE_MESSAGE(done, done.error().detail);
        return done.value();
    }
    std::vector<std::string> texts(const std::string& sql) {
        auto opened = central_test::AnyDatabase::open({.path = path, .is_read_only = true});
        REQUIRE(opened);
        auto database = std::move(opened).value();
        std::vector<std::string> found;
        auto rows = database.query(sql);
        for (;;) {
            const auto row = rows.next();
            REQUIRE_MESSAGE(row, row.error().detail);
            if (!row.value()) return found;
            found.push_back(rows.string(0));
        }
    }
    std::string location_at(std::int64_t ms, const std::string& series = "climate.temperature") {
        const auto read = query->situations("attic", at(ms));
        REQUIRE(read);
        auto all = read.value();
        return all[series].location;
    }
    std::vector<std::string> matching(const sinks::SeriesFilter& filter) {
        const auto rows = query->matching_series(filter, {});
        REQUIRE_MESSAGE(rows, rows.error().detail);
        std::vector<std::string> names;
        for (const auto& row : rows.value()) names.push_back(row.node + "/" + row.declared.series);
        return names;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::DatabaseSink> sink;
    sinks::PartitionState state;
    std::unique_ptr<sinks::DatabaseQuery> query;
};

/// A world with the series of which statements speak.
struct Attic : World {
    Attic() { add_series("attic", "climate.temperature"); }
};

}  // namespace

TEST_SUITE("sinks/situations") {
    TEST_CASE("a move leaves the windows before it where they were") {
        Attic world;
        world.say({said(0, "/house/attic", {"indoor"})});
        for (const std::int64_t hour : {0, 1, 2, 3}) world.add_window(hour * kHour);
        world.say({said(2 * kHour + 60'000, "/garden", {"outdoor"})});
        world.add_window(4 * kHour);
        CHECK(world.texts("SELECT location FROM v_hourly ORDER BY hour") ==
              Tags{"/house/attic", "/house/attic", "/house/attic", "/garden", "/garden"});
        CHECK(world.texts(
                  "SELECT location || ' ' || count FROM v_hourly_by_location ORDER BY hour") ==
              Tags{"/house/attic 4", "/house/attic 4", "/house/attic 4", "/garden 4", "/garden 4"});
        CHECK(world.query->situations("attic", at(kHour)).value() ==
              std::map<std::string, Situation>{
                  {"climate.temperature", {.location = "/house/attic", .tags = {"indoor"}}}});
        CHECK(world.query->situations("attic", at(3 * kHour)).value() ==
              std::map<std::string, Situation>{
                  {"climate.temperature", {.location = "/garden", .tags = {"outdoor"}}}});
        CHECK(world.texts("SELECT location FROM v_latest_readings") == Tags{"/house/attic"});
    }

    TEST_CASE("the moment of a move belongs to the new place") {
        Attic world;
        world.say({said(0, "/a"), said(kHour, "/b")});
        CHECK(world.location_at(kHour - 1) == "/a");
        CHECK(world.location_at(kHour) == "/b");
        CHECK(world.location_at(-1) == "");
    }

    TEST_CASE("a window is where its first reading was taken, so that a new series is somewhere") {
        Attic world;
        world.say({said(600'000, "/a")});
        world.add_window(0, 600'000);
        CHECK(world.texts("SELECT location FROM v_hourly") == Tags{"/a"});
    }

    TEST_CASE("what is not known is shown as unknown, and is no error") {
        Attic world;
        world.add_window(0);
        CHECK(world.query->situations("attic", at(0)).value().empty());
        CHECK(world.query->situations("nobody", at(0)).value().empty());
        for (const auto* view : {"v_hourly", "v_hourly_by_location", "v_latest_readings"}) {
            CAPTURE(view);
            CHECK(world.texts(std::string{"SELECT location FROM "} + view) == Tags{"unknown"});
        }
        CHECK(world.matching({.location = "unknown", .at = at(0)}).size() == 1);
    }

    TEST_CASE("statements in any order make the same tables") {
        std::vector<Statement> statements{said(1, "/a"), said(2, "/a", {"x"}), said(3, "/b"),
                                          said(4, "/a"), said(5, "/a"),        said(6, "")};
        const auto is_earlier = [](const auto& a, const auto& b) { return a.from < b.from; };
        World world;
        engine::Changes changes;
        changes.nodes["attic"] = node_row("attic");
        std::size_t orders = 0;
        do {
            const auto series = "a.p" + std::to_string(orders++);
            changes.series[{"attic", series}] = series_row("attic", series);
            for (auto statement : statements) {
                statement.series = series;
                changes.statements.push_back(statement);
            }
        } while (std::next_permutation(statements.begin(), statements.end(), is_earlier));
        REQUIRE(orders == 720);
        world.commit(std::move(changes));
        CHECK(world.texts("SELECT DISTINCT valid_from || '-' || valid_to || ' ' || path"
                          " FROM series_location JOIN dim_location ON id = location_id"
                          " ORDER BY 1") == Tags{"1-3 /a", "3-4 /b", "4-6 /a"});
        CHECK(world.texts("SELECT count(*) FROM series_location") == Tags{"2160"});
        CHECK(world.texts("SELECT DISTINCT valid_from || '-' || valid_to || tag FROM series_tag") ==
              Tags{"2-3x"});
        CHECK(world.texts("SELECT count(*) FROM series_tag") == Tags{"720"});
        CHECK(world.texts("SELECT DISTINCT valid_from || location || tags FROM statement"
                          " ORDER BY 1") == Tags{"1/a", "2/ax", "3/b", "4/a", "5/a", "6"});
        CHECK(world.texts("SELECT count(*) FROM statement") == Tags{"4320"});
    }

    TEST_CASE("a node that starts again and again leaves few statements, and one stay") {
        Attic world;
        for (int start = 0; start < 200; ++start) world.say({said(start * kHour, "/a")});
        CHECK(world.texts("SELECT count(*) FROM statement") ==
              Tags{std::to_string(sinks::kRepeatedMax + 1)});
        CHECK(world.texts(
                  "SELECT valid_from || coalesce('-' || valid_to, '') FROM series_location") ==
              Tags{"0"});
    }

    TEST_CASE("statements and locations are bounded, and what is dropped is counted") {
        Attic world;
        std::uint64_t dropped = 0;
        constexpr std::int64_t kOver = 20;
        std::vector<Statement> all;
        for (std::int64_t i = 0; i < std::int64_t{sinks::kStatementsMax} + kOver; ++i) {
            all.push_back(said(i * kHour, "/moves/m" + std::to_string(i)));
        }
        dropped = world.say(all).statements_dropped;
        CHECK(dropped == kOver);
        CHECK(world.texts("SELECT count(*) FROM statement") == Tags{"1000"});
        CHECK(world.texts("SELECT count(*) FROM dim_location") == Tags{"1001"});
        CHECK(world.location_at((kOver - 1) * kHour) == "");
        CHECK(world.location_at(kOver * kHour) == "/moves/m20");
    }

    TEST_CASE("a location lies in those above it, and goes with the last series") {
        Attic world;
        world.say({said(0, "/house/attic/desk")});
        CHECK(world.texts(
                  "SELECT child.path || ' ' || coalesce(parent.path, '-') FROM dim_location AS"
                  " child LEFT JOIN dim_location AS parent ON parent.id = child.parent_id"
                  " ORDER BY child.path") ==
              Tags{"/house -", "/house/attic /house", "/house/attic/desk /house/attic"});
        world.say({said(0, "/house/cellar")});
        CHECK(world.texts("SELECT path FROM dim_location ORDER BY path") ==
              Tags{"/house", "/house/cellar"});
        REQUIRE(world.sink->forget("attic"));
        CHECK(world.texts("SELECT path FROM dim_location").empty());
        CHECK(world.texts("SELECT node FROM statement").empty());
    }

    TEST_CASE("series are found by a location, by those within it, and by a tag") {
        World world;
        world.add_series("attic", "climate.temperature");
        world.add_series("attic", "door.open");
        world.add_series("cellar", "a.b");
        auto cellar = said(0, "/house-2/cellar", {"x"}, "a.b");
        cellar.node = "cellar";
        world.say(
            {said(0, "/house/attic", {"x", "y"}), said(0, "/house", {}, "door.open"), cellar});
        const auto in = [&](const std::string& location) {
            return world.matching({.location = location, .at = at(5)});
        };
        CHECK(in("/house") == Tags{"attic/climate.temperature", "attic/door.open"});
        CHECK(in("/house/attic") == Tags{"attic/climate.temperature"});
        CHECK(in("/house/att").empty());
        CHECK(in("/house-2") == Tags{"cellar/a.b"});
        CHECK(in("unknown").empty());
        CHECK(in("").size() == 3);
        CHECK(world.matching({.tag = "x", .at = at(5)}) ==
              Tags{"attic/climate.temperature", "cellar/a.b"});
        CHECK(world.matching({.node = "attic", .tag = "x", .at = at(5)}).size() == 1);
        CHECK(world.matching({.location = "/house-2", .tag = "y", .at = at(5)}).empty());
        CHECK(world.matching({.location = "/house", .at = at(-5)}).empty());
        CHECK(world.matching({.location = "unknown", .at = at(-5)}).size() == 3);
        const auto page = world.query->matching_series({.location = "/house", .at = at(5)},
                                                       {.after = "", .limit = 1});
        REQUIRE(page);
        CHECK(page.value().size() == 1);
    }

    TEST_CASE("an import counts from its begin on, beside a central that writes") {
        Attic world;
        world.say({said(0, "/a")});
        const auto done = world.import({imported("attic", kHour, 2 * kHour, "/b"),
                                        imported("garden", 0, {}, "/g"),
                                        imported("attic", 0, 5, "/c", "door.open")});
        CHECK(done.nodes == 2);
        CHECK(done.unseen == Tags{"attic/door.open", "garden"});
        CHECK(world.location_at(0) == "/a");
        CHECK(world.location_at(kHour) == "/b");
        CHECK(world.location_at(2 * kHour) == "/a");
        world.say({said(kHour + 5, "/d")});
        CHECK(world.location_at(kHour + 6) == "/b");
        CHECK(world.location_at(2 * kHour) == "/d");
        // A series that comes later is where the import says.
        world.add_series("attic", "door.open");
        CHECK(world.location_at(1, "door.open") == "/c");
        CHECK(world.location_at(kHour, "door.open") == "/b");
        world.add_series("garden", "a.b");
        CHECK(world.matching({.location = "/g", .at = at(5)}) == Tags{"garden/a.b"});
    }

    TEST_CASE("an import replaces what was imported before of its nodes, and of no others") {
        Attic world;
        world.add_series("garden", "a.b");
        world.import({imported("attic", 0, {}, "/a"), imported("garden", 0, {}, "/g")});
        world.import({imported("attic", kHour, {}, "/b")});
        CHECK(world.location_at(0) == "");
        CHECK(world.location_at(kHour) == "/b");
        CHECK(world.matching({.location = "/g", .at = at(5)}).size() == 1);
        CHECK(world.texts("SELECT path FROM dim_location ORDER BY path") == Tags{"/b", "/g"});
    }

    TEST_CASE("what tags mean is kept from when to when") {
        Attic world;
        const std::vector<dimensions::TagMeaning> meanings{
            {.tag = "x",
             .path = "p",
             .description = "d",
             .integrity = "raw",
             .from = at(0),
             .to = at(5)},
            {.tag = "x", .path = "p", .description = "d", .integrity = "validated", .from = at(5)},
            {.tag = "y", .path = "", .description = "", .integrity = "", .from = at(0)}};
        for (int again = 0; again < 2; ++again) {
            const auto done =
                sinks::import_dimensions(central_test::place(world.path), {{}, meanings});
            REQUIRE(done);
            CHECK(done.value().tags == 2);
            CHECK(world.texts(
                      "SELECT tag || valid_from || coalesce('' || valid_to, '') || integrity FROM"
                      " dim_tag ORDER BY tag, valid_from") == Tags{"x05raw", "x5validated", "y0"});
        }
    }

    TEST_CASE("a database of an older leat is refused, and gets its tables when it is opened") {
        Attic world;
        world.add_window(0);
        world.query.reset();
        world.sink.reset();
        {
            auto opened = central_test::AnyDatabase::open({.path = world.path});
            REQUIRE(opened);
            auto database = std::move(opened).value();
            REQUIRE(database.execute(
                "DROP VIEW v_hourly; DROP VIEW v_hourly_by_location; DROP VIEW v_daily;"
                "DROP VIEW v_daily_by_location; DROP VIEW v_latest_readings; DROP VIEW v_locations;"
                "DROP VIEW v_tags; DROP TABLE series_location; DROP TABLE series_tag;"
                "DROP TABLE statement; DROP TABLE dim_location; DROP TABLE dim_tag;" +
                central_test::older(3)));
        }
        const auto refused = sinks::import_dimensions(central_test::place(world.path),
                                                      {{imported("attic", 0, {}, "/a")}, {}});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == base::Fault::misconfigured);
        CHECK(refused.error().detail.find("older leat") != std::string::npos);
        auto opened = sinks::open_sink({.path = central_test::place(world.path)});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        world.import({imported("attic", 0, {}, "/a")});
        CHECK(world.texts("SELECT location FROM v_hourly") == Tags{"/a"});
    }
}
