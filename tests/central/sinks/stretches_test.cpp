// Goal: what series were when is committed with the rows, can be read again as it was, and a
// database from before is brought up to date. The view of visits says what engine::Visits says.
#include <doctest/doctest.h>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/engine/states/visits.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "drivers/tables/time_format.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

constexpr const char* kNode = "attic";
constexpr const char* kSeries = "door.open";

engine::Stretch stretch(std::int64_t from, std::int64_t to, double value, bool is_exact = true) {
    return {.from = at(from),
            .to = at(to),
            .value = value,
            .last = is_exact ? value : 1 - value,
            .readings = 3,
            .is_exact = is_exact};
}

struct World {
    World() { open(); }

    void open() {
        sink.reset();
        auto opened = sinks::open_sink({.path = central_test::place(path())});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
    }
    void commit(engine::Changes changes) {
        auto step = step_of(sink->load(0, 1).value().state, "1-0");
        step.changes = std::move(changes);
        REQUIRE(sink->commit(step));
    }
    /// The state, with a stretch of each kind in its first hour.
    void begin() {
        engine::Changes changes;
        auto row = series_row(kNode, kSeries);
        row.declared.unit = "/";
        row.declared.resolution = 1;
        row.declared.period = 60s;
        row.last_at = at(3'600'000);
        row.course_since = engine::kAlways;
        changes.series[{kNode, kSeries}] = row;
        changes.courses[{kNode, kSeries, at(0)}] = {.to = at(3'600'000), .stretches = all};
        commit(std::move(changes));
    }
    std::vector<engine::Stretch> read(std::int64_t from, std::int64_t to) {
        auto found = sink->memory().stretches(kNode, kSeries, at(from), at(to));
        REQUIRE(found);
        return found.value();
    }
    central_test::AnyDatabase database() {
        auto opened = central_test::AnyDatabase::open({.path = path()});
        REQUIRE(opened);
        return std::move(opened).value();
    }
    std::string path() const { return folder.file("leat.db"); }

    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseSink> sink;
    std::vector<engine::Stretch> all{
        stretch(0, 60'000, 0),        stretch(100'000, 160'000, 1),
        stretch(200'000, 240'000, 1), stretch(300'000, 320'000, 1, false),
        stretch(330'000, 390'000, 1), stretch(990'000, 990'000, 1)};
};

}  // namespace

TEST_CASE(
    "stretches are read as they were written, and a part takes the place of what began in it") {
    World world;
    world.begin();
    CHECK(world.read(0, 3'600'000) == world.all);
    CHECK(world.read(100'000, 200'000).size() == 1);
    CHECK(world.sink->memory().series(kNode).value().front().course_since == engine::kAlways);
    engine::Changes changes;
    changes.courses[{kNode, kSeries, at(200'000)}] = {.to = at(3'600'000),
                                                      .stretches = {stretch(200'000, 900'000, 0)}};
    world.commit(std::move(changes));
    world.open();
    const auto found = world.read(0, 3'600'000);
    REQUIRE(found.size() == 3);
    CHECK(found[1] == world.all[1]);
    CHECK(found[2] == stretch(200'000, 900'000, 0));
}

TEST_CASE("a reader gets the newest first, or the oldest, and as many as it wants") {
    World world;
    world.begin();
    auto query = sinks::DatabaseQuery::open(central_test::place(world.path()));
    REQUIRE(query);
    sinks::StretchRange range{
        .node = kNode, .series = kSeries, .from = at(60'000), .to = at(990'000), .rows_max = 3};
    auto newest = query.value()->stretches(range);
    REQUIRE(newest);
    REQUIRE(newest.value().size() == 3);
    CHECK(newest.value().front() == world.all[4]);
    CHECK(newest.value().back() == world.all[2]);
    range.is_oldest_first = true;
    auto oldest = query.value()->stretches(range);
    REQUIRE(oldest);
    REQUIRE(oldest.value().size() == 3);
    CHECK(oldest.value().front() == world.all[1]);
}

TEST_CASE("the view of visits says what the engine says") {
    World world;
    world.begin();
    engine::Visits visits{{90s, {}}, at(990'000)};
    for (auto it = world.all.rbegin(); it != world.all.rend(); ++it) visits.add(*it);
    visits.finish();
    auto database = world.database();
    const auto format = drivers::tables::TimeFormat::parse("rfc3339").value();
    auto query = database.query(
        R"(SELECT "from", "to", coalesce("until", ''), value, readings, is_open FROM v_visits)");
    std::vector<engine::Visit> seen;
    for (;;) {
        const auto row = query.next();
        REQUIRE_MESSAGE(row, row.error().detail);
        if (!row.value()) break;
        engine::Visit visit{.from = format.read(query.text(0)).value(),
                            .to = format.read(query.text(1)).value(),
                            .until = format.read(query.text(2)),
                            .value = query.number(3),
                            .readings = query.count(4),
                            .end = engine::VisitEnd::unknown};
        if (visit.until) visit.end = engine::VisitEnd::changed;
        if (query.integer(5) != 0) visit.end = engine::VisitEnd::open;
        seen.push_back(visit);
    }
    CHECK(seen.size() == 4);
    CHECK(seen == visits.whole());
}

TEST_CASE("a database from before there were courses gets their tables and keeps what it has") {
    World world;
    world.begin();
    world.sink.reset();
    {
        auto database = world.database();
        REQUIRE(
            database.execute("DROP VIEW v_visits; DROP TABLE stretch; DROP TABLE series_course"));
        REQUIRE(database.execute(central_test::older(3)));
    }
    world.open();
    CHECK(world.read(0, 3'600'000).empty());
    const auto series = world.sink->memory().series(kNode).value();
    REQUIRE(series.size() == 1);
    CHECK_FALSE(series.front().course_since);
    CHECK(series.front().readings == 12);
    world.begin();
    CHECK(world.read(0, 3'600'000) == world.all);
}
