// Goal: where TimescaleDB is in the database, single readings lie in its chunks, old ones go as
// whole chunks and are counted, and what the edition lacks is said. Method: the server of another
// Debian (tests/timescale); the contract of the sinks runs over it, too.
#include <doctest/doctest.h>

#include "central/database/place.hpp"
#include "central/sinks/access/division.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"

using namespace sinks_test;

namespace {

constexpr const char* kNode = "attic";
constexpr const char* kSeries = "climate.temperature";
constexpr auto kDay = 24h;

struct World {
    explicit World(sinks::Address place = central_test::fresh_schema())
        : address(std::move(place)) {
        auto opened = sinks::open_sink({.path = address});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
        auto connected = sinks::open_database(address, false);
        REQUIRE_MESSAGE(connected, connected.error().detail);
        other = std::move(connected).value();
    }

    /// A block of one reading.
    void store(base::EventTime at) {
        auto loaded = sink->load(0, 1);
        REQUIRE_MESSAGE(loaded, loaded.error().detail);
        auto step = step_of(loaded.value().state, "1-0");
        step.changes = {};
        step.changes.nodes[kNode] = node_row(kNode);
        step.changes.series[{kNode, kSeries}] = series_row(kNode, kSeries);
        const engine::ReadingBlock block{
            .origin = {.incarnation = {5}, .seq = ++seq, .received = received.value_or(at + 3s)},
            .is_ahead = false,
            .first_at = at,
            .last_at = at,
            .readings = {{.at = at, .value = 1}}};
        step.changes.readings.push_back({.node = kNode, .series = kSeries, .blocks = {block}});
        const auto done = sink->commit(step);
        REQUIRE_MESSAGE(done, done.error().detail);
    }
    std::int64_t number(const std::string& sql) {
        const auto found = other->number(sql);
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value();
    }
    std::int64_t chunks() {
        return number(
            "SELECT count(*) FROM timescaledb_information.chunks"
            " WHERE hypertable_schema = current_schema() AND hypertable_name = 'reading_block'");
    }

    sinks::Address address;
    std::unique_ptr<sinks::DatabaseSink> sink;
    std::unique_ptr<sql::Database> other;
    std::uint64_t seq = 0;
    std::optional<base::EventTime> received{};  // Soon after the reading, if not said.
};

}  // namespace

TEST_CASE("old readings go as whole chunks, each counted, and come again with a late one") {
    World world;
    CHECK(sinks::division_of(*world.other).value() == sinks::Division::chunks);
    for (int i = 0; i < 4; ++i) world.store(at(0) + i * 15 * kDay);
    CHECK(world.chunks() == 2);
    CHECK_FALSE(world.sink->remove_month(at(0) + 29 * kDay).value());
    const auto removed = world.sink->remove_month(at(0) + 30 * kDay);
    REQUIRE_MESSAGE(removed, removed.error().detail);
    REQUIRE(removed.value());
    CHECK(removed.value()->blocks == 2);
    CHECK(removed.value()->readings == 2);
    CHECK_FALSE(world.sink->remove_month(at(0) + 30 * kDay).value());
    CHECK(world.chunks() == 1);
    CHECK(world.number("SELECT count(*) FROM reading_block") == 2);
    world.store(at(0) + 1h);
    CHECK(world.chunks() == 2);
}

TEST_CASE("wrong clocks make no chunk for every month of theirs") {
    World world;
    constexpr auto kYear = 365 * kDay;
    const auto now = at(0) + 56 * kYear;
    world.received = now;
    world.store(now);
    for (int i = 0; i < 40; ++i) world.store(at(0) - i * 1'000 * kYear);
    for (int i = 0; i < 12; ++i) world.store(at(0) + 20 * kYear + i * 30 * kDay);
    for (int i = 0; i < 40; ++i) world.store(at(0) + (300 + i * 1'000) * kYear);
    // A year beyond those that a calendar knows is no other one.
    for (std::int64_t ms = 2'060'000'000'000'000; ms < 2'100'000'000'000'000;
         ms += 1'000'000'000'000) {
        world.store(base::from_milliseconds(ms));
    }
    world.store(base::from_milliseconds(9'007'199'254'740'991));
    world.store(base::from_milliseconds(-9'007'199'254'740'991));
    const auto chunks = world.chunks();
    CHECK(chunks < 45);
    world.store(now + 10 * kDay);
    CHECK(world.chunks() <= chunks + 1);
    CHECK(world.number("SELECT count(*) FROM reading_block") == 136);
    CHECK(world.number("SELECT integer_interval FROM timescaledb_information.dimensions"
                       " WHERE hypertable_schema = current_schema()") == 30 * kDay / 1ms);
    world.sink.reset();
    World again{world.address};
    again.received = now;
    again.seq = world.seq;
    again.store(at(0) - 500 * kYear);
    CHECK(again.chunks() <= chunks + 2);
    const auto removed = again.sink->remove_month(at(0) - 10'000 * kYear);
    REQUIRE_MESSAGE(removed, removed.error().detail);
    REQUIRE(removed.value());
    CHECK(removed.value()->blocks >= 1);
}

TEST_CASE("a clock that is ahead takes nothing of the present into its chunk") {
    for (const auto ahead : {2 * 30 * kDay, 14 * 31 * kDay, 20 * 365 * kDay}) {
        World world;
        const auto now = at(0) + 56 * 365 * kDay;
        world.received = now;
        world.store(now + ahead);
        world.store(now);
        CHECK(world.chunks() == 2);
        const auto removed = world.sink->remove_month(now + 30 * kDay);
        REQUIRE_MESSAGE(removed, removed.error().detail);
        REQUIRE(removed.value());
        CHECK(removed.value()->blocks == 1);
    }
}

TEST_CASE("somebody who reads for long keeps a chunk, and not the writer") {
    World world;
    world.store(at(0));
    REQUIRE(world.other->execute("BEGIN"));
    CHECK(world.number("SELECT count(*) FROM reading_block") == 1);
    const auto kept = world.sink->remove_month(at(0) + 30 * kDay);
    REQUIRE_MESSAGE(kept, kept.error().detail);
    CHECK_FALSE(kept.value());
    world.store(at(0) + 40 * kDay);
    REQUIRE(world.other->execute("COMMIT"));
    CHECK(world.sink->remove_month(at(0) + 30 * kDay).value());
}

TEST_CASE("it is said which edition it is, and what that lacks") {
    World world;
    const auto text = sinks::division_text(*world.other);
    REQUIRE_MESSAGE(text, text.error().detail);
    CHECK(text.value().find("in chunks of TimescaleDB 2.") == 0);
    CHECK(text.value().find("Apache edition, which has no compression") != std::string::npos);
}

TEST_CASE("a start makes nothing that is there already") {
    const auto address = central_test::fresh_schema();
    World{address}.store(at(0));
    World again{address};
    again.store(at(1'000));
    CHECK(again.chunks() == 1);
}

TEST_CASE("tables that were made before the extension stay in months, and this is said") {
    support::PostgresServer server;
    const auto address = sinks::Address::server(server.uri());
    {
        auto database = sinks::open_database(address, false);
        REQUIRE(database);
        REQUIRE(database.value()->execute("DROP EXTENSION timescaledb"));
    }
    World{address}.store(at(0));
    {
        auto database = sinks::open_database(address, false);
        REQUIRE(database);
        CHECK(sinks::division_text(*database.value()).value() ==
              "in monthly partitions; TimescaleDB is on the server, and not in this database");
        REQUIRE(database.value()->execute("CREATE EXTENSION timescaledb"));
    }
    World later{address};
    later.store(at(0) + 40 * kDay);
    CHECK(later.chunks() == 0);
    CHECK(later.number("SELECT count(*) FROM reading_block_1970_02") == 1);
    CHECK(sinks::division_text(*later.other).value().find("made before TimescaleDB") !=
          std::string::npos);
}
