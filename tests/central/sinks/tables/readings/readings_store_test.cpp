// Goal: single readings are committed with the rows, come back in their order page by page, can be
// traced, can be read with plain SQL, go when they are old, and only then.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/random.hpp"
#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

constexpr const char* kNode = "attic";
constexpr const char* kSeries = "climate.temperature";
constexpr std::int64_t kHour = 3'600'000;

engine::ReadingBlock block(std::uint64_t seq, const std::vector<engine::Single>& readings) {
    return {.origin = {.incarnation = {5},
                       .seq = seq,
                       .received = readings.back().at + 3s,
                       .clock = wire::ClockState::holdover},
            .is_ahead = false,
            .first_at = readings.front().at,
            .last_at = readings.back().at,
            .readings = readings};
}

struct World {
    World() {
        auto opened = sinks::open_sink({.path = central_test::place(path())});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
        auto read = sinks::DatabaseQuery::open(central_test::place(path()));
        REQUIRE(read);
        query = std::move(read).value();
        declare(kSeries);
    }

    void declare(const std::string& series) {
        engine::Changes changes;
        auto row = node_row(kNode);
        row.stored_at = now;
        changes.nodes[kNode] = row;
        changes.series[{kNode, series}] = series_row(kNode, series);
        commit(std::move(changes));
    }
    void commit(engine::Changes changes) {
        auto step = step_of(sink->load(0, 1).value().state, "1-0");
        step.changes = std::move(changes);
        REQUIRE(sink->commit(step));
    }
    void commit(std::vector<engine::ReadingBlock> blocks, const std::string& series = kSeries) {
        engine::Changes changes;
        changes.readings.push_back({.node = kNode, .series = series, .blocks = std::move(blocks)});
        commit(std::move(changes));
    }
    sinks::ReadingRange range(std::int64_t from, std::int64_t to) const {
        return {.node = kNode, .series = kSeries, .from = at(from), .to = at(to)};
    }
    std::vector<sinks::StoredReading> read(const sinks::ReadingRange& range) {
        auto found = query->readings(range);
        REQUIRE_MESSAGE(found, found.error().detail);
        return std::move(found).value();
    }
    std::vector<double> values(const sinks::ReadingRange& range) {
        std::vector<double> all;
        for (const auto& reading : read(range)) all.push_back(reading.value);
        return all;
    }
    std::string path() const { return folder.file("leat.db"); }

    support::TemporaryFolder folder;
    base::EventTime now = at(100 * kHour);
    std::unique_ptr<sinks::DatabaseSink> sink;
    std::unique_ptr<sinks::DatabaseQuery> query;
};

}  // namespace

TEST_CASE("a reading comes back with the record that it came in") {
    World world;
    world.commit({block(9, {{at(1'000), 20.5}, {at(3'001), 20.25}})});
    const auto found = world.read(world.range(0, kHour));
    REQUIRE(found.size() == 2);
    CHECK(found[1].place.at == at(3'001));
    CHECK(found[1].place.index == 1);
    CHECK(found[1].value == 20.25);
    CHECK_FALSE(found[1].is_ahead);
    CHECK(found[1].origin == engine::ReadingOrigin{.incarnation = {5},
                                                   .seq = 9,
                                                   .received = at(6'001),
                                                   .clock = wire::ClockState::holdover});
}

TEST_CASE("a range takes what is in it, also of a block that begins before it") {
    World world;
    world.commit({block(1, {{at(0), 1}, {at(kHour - 1), 2}}), block(2, {{at(kHour), 3}})});
    CHECK(world.values(world.range(1, kHour)) == std::vector<double>{2});
    CHECK(world.values(world.range(kHour - 1, kHour + 1)) == std::vector<double>{2, 3});
    CHECK(world.values(world.range(0, 0)).empty());
    CHECK(world.values(world.range(kHour + 1, 2 * kHour)).empty());
}

TEST_CASE("readings before 1970 are found, too") {
    World world;
    world.commit({block(1, {{at(-5), 1}, {at(-1), 2}}), block(2, {{at(0), 3}})});
    CHECK(world.values(world.range(-2, 1)) == std::vector<double>{2, 3});
}

TEST_CASE("blocks that overlap in time give their readings in one order, page by page") {
    World world;
    base::Random random{7};
    std::multiset<std::pair<std::int64_t, double>> wanted;
    for (std::uint64_t seq = 1; seq <= 200; ++seq) {
        auto ms = static_cast<std::int64_t>(random.below(5)) * kHour;
        const auto end = ms + kHour;
        std::vector<engine::Single> readings;
        for (auto left = 1 + random.below(30); left > 0; --left) {
            ms += static_cast<std::int64_t>(random.below(400)) * 500;
            if (ms >= end) break;
            readings.push_back({.at = at(ms), .value = static_cast<double>(random.below(100))});
            wanted.emplace(ms, readings.back().value);
        }
        if (!readings.empty()) world.commit({block(seq, readings)});
    }
    const auto whole = world.read(world.range(0, 6 * kHour));
    CHECK(std::is_sorted(whole.begin(), whole.end(),
                         [](const auto& a, const auto& b) { return a.place < b.place; }));
    std::multiset<std::pair<std::int64_t, double>> found;
    for (const auto& one : whole) {
        found.emplace(base::to_milliseconds(one.place.at), one.value);
    }
    CHECK(found == wanted);
    for (const std::size_t page : {1U, 7U, 100U}) {
        auto range = world.range(0, 6 * kHour);
        range.readings_max = page;
        std::vector<sinks::StoredReading> all;
        for (;;) {
            const auto some = world.read(range);
            REQUIRE(some.size() <= page);
            if (some.empty()) break;
            all.insert(all.end(), some.begin(), some.end());
            range.after = some.back().place;
        }
        CHECK(all == whole);
    }
}

TEST_CASE("it is known how many readings were summarised") {
    World world;
    engine::ReadingBlock summarised{.origin = {.incarnation = {5}, .seq = 1, .received = at(9)},
                                    .is_ahead = false,
                                    .first_at = at(0),
                                    .last_at = at(59'999),
                                    .summarised = 30};
    world.commit({summarised, block(2, {{at(60'000), 1}})});
    CHECK(world.query->reading_extent(world.range(0, kHour)).value().summarised == 30);
    CHECK(world.query->reading_extent(world.range(60'000, kHour)).value().summarised == 0);
    CHECK(world.query->reading_extent(world.range(60'000, kHour)).value().first_at == at(0));
    CHECK(world.values(world.range(0, kHour)) == std::vector<double>{1});
}

TEST_CASE("plain SQL reads single readings by a view") {
    World world;
    auto ahead = block(3, {{at(5'000), -0.5}});
    ahead.is_ahead = true;
    world.commit({block(1, {{at(1'000), 20.5}, {at(3'000), 21}}),
                  block(2, {{at(1'500), 1e-9}, {at(1'501), 7}, {at(1'900), 8}}), ahead});
    auto opened = central_test::AnyDatabase::open({.path = world.path(), .is_read_only = true});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    auto facts = database.query(
        "SELECT at, value, quality, clock, incarnation, seq, stored_at FROM fact_reading"
        " ORDER BY at");
    std::vector<std::string> found;
    while (facts.next().value()) {
        found.push_back(std::to_string(facts.integer(0)) + " " + std::to_string(facts.number(1)) +
                        " " + facts.string(2) + " " + facts.string(3) + " " + facts.string(4) +
                        " " + std::to_string(facts.integer(5)) + " " +
                        std::to_string(facts.integer(6)));
    }
    CHECK(found ==
          std::vector<std::string>{"1000 20.500000 good holdover 0000000000000005 1 6000",
                                   "1500 0.000000 good holdover 0000000000000005 2 4900",
                                   "1501 7.000000 good holdover 0000000000000005 2 4900",
                                   "1900 8.000000 good holdover 0000000000000005 2 4900",
                                   "3000 21.000000 good holdover 0000000000000005 1 6000",
                                   "5000 -0.500000 ahead holdover 0000000000000005 3 8000"});
    auto named = database.query(
        "SELECT node, series, time, value, unit FROM v_readings ORDER BY time LIMIT 1");
    REQUIRE(named.next().value());
    CHECK(named.string(0) == kNode);
    CHECK(named.string(1) == kSeries);
    CHECK(named.string(2) == "1970-01-01T00:00:01.000Z");
    CHECK(named.number(3) == 20.5);
    CHECK(named.string(4) == "Cel");
}

TEST_CASE("old blocks go by whole hours, a bounded number at once, of their series only") {
    World world;
    world.declare("climate.humidity");
    for (std::int64_t hour = 0; hour < 6; ++hour) {
        for (const auto* series : {kSeries, "climate.humidity"}) {
            world.commit({block(1, {{at(hour * kHour), 1}, {at(hour * kHour + 10), 2}})}, series);
        }
    }
    const auto series = world.sink->kept_series(0, 10).value();
    REQUIRE(series.size() == 2);
    CHECK(series[0].quantity == "temperature");
    CHECK(world.sink->kept_series(series[0].id, 10).value().size() == 1);
    CHECK(world.sink->newest_arrival().value() == world.now);
    const sinks::Outdated outdated{
        .series = series[0].id, .before = at(4 * kHour + 5), .now = world.now};
    auto removed = world.sink->remove({outdated}, 3).value();
    CHECK(removed.blocks == 3);
    CHECK(removed.readings == 6);
    removed = world.sink->remove({outdated}, 3).value();
    CHECK(removed.blocks == 1);
    CHECK(world.sink->remove({outdated}, 10).value().blocks == 0);
    CHECK(world.values(world.range(0, 9 * kHour)) == std::vector<double>{1, 2, 1, 2});
    auto other = world.range(0, 9 * kHour);
    other.series = "climate.humidity";
    CHECK(world.values(other).size() == 12);
}

TEST_CASE("what is ahead goes by the age of its record") {
    World world;
    auto ahead = block(1, {{at(5'000 * kHour), 1}});
    ahead.is_ahead = true;
    ahead.origin.received = at(2 * kHour);
    world.commit({ahead});
    const auto id = world.sink->kept_series(0, 1).value().front().id;
    sinks::Outdated outdated{.series = id, .before = at(2 * kHour), .now = world.now};
    CHECK(world.sink->remove({outdated}, 10).value().blocks == 0);
    outdated.before = at(3 * kHour);
    CHECK(world.sink->remove({outdated}, 10).value().blocks == 1);
}

TEST_CASE("a series that is forgotten leaves no reading behind") {
    World world;
    world.commit({block(1, {{at(0), 1}})});
    REQUIRE(world.sink->forget(kNode));
    auto opened = central_test::AnyDatabase::open({.path = world.path(), .is_read_only = true});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    CHECK(database.number("SELECT count(*) FROM reading_block").value() == 0);
    CHECK(database.number("SELECT count(*) FROM incarnation").value() == 0);
}

TEST_CASE("it is known since when the quantities of now are kept") {
    World world;
    world.commit({block(1, {{at(0), 1}})});
    const auto since = [&] {
        return world.query->reading_extent(world.range(0, kHour)).value().first_at.value();
    };
    CHECK(since() == at(0));
    const auto open = [&](const std::string& kept) {
        world.sink.reset();
        world.sink =
            sinks::open_sink({.path = central_test::place(world.path()), .singles = kept}).value();
    };
    open("all but ");  // By a leat that kept none before.
    const auto first = since();
    CHECK(first > at(0));
    auto opened = central_test::AnyDatabase::open({.path = world.path()});
    auto database = std::move(opened).value();
    REQUIRE(database.execute("UPDATE meta SET value = 5 WHERE name = 'singles_since'"));
    open("all but ");
    CHECK(since() == at(5));
    open("all but motion");
    CHECK(since() >= first);
}

TEST_CASE("a new database knows its readings from the beginning on") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    REQUIRE(sinks::open_sink({.path = central_test::place(path), .singles = "all but "}));
    auto opened = central_test::AnyDatabase::open({.path = path});
    auto database = std::move(opened).value();
    CHECK(database.number("SELECT count(*) FROM meta WHERE name = 'singles_since'").value() == 0);
}

TEST_CASE("a damaged block is refused with what finds it") {
    World world;
    world.commit({block(1, {{at(1'000), 20.5}, {at(3'000), 21}})});
    auto opened = central_test::AnyDatabase::open({.path = world.path()});
    auto database = std::move(opened).value();
    for (const auto* damage : {"readings = '[20.5'", "count = 3", "step = -1"}) {
        REQUIRE(database.execute(std::string{"UPDATE reading_block SET "} + damage));
        const auto found = world.query->readings(world.range(0, kHour));
        REQUIRE_FALSE(found);
        CHECK(found.error().fault == base::Fault::malformed);
        CHECK(found.error().detail.find("row 1 of reading_block, which begins at 1000: ") == 0);
        REQUIRE(database.execute(
            "UPDATE reading_block SET readings = '[20.5,21]', count = 2, step = 2000"));
        CHECK(world.values(world.range(0, kHour)) == std::vector<double>{20.5, 21});
    }
    REQUIRE(database.execute("UPDATE incarnation SET incarnation = 'x'"));
    CHECK_FALSE(world.query->readings(world.range(0, kHour)));
}
