// Goal: in PostgreSQL single readings lie in parts by month, which are made and dropped beside
// those who read, whatever time a reading claims to be of; nothing is refused, nothing goes
// uncounted. Method: a real server, and connections beside the sink's.
#include <doctest/doctest.h>

#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"

using namespace sinks_test;

namespace {

constexpr const char* kNode = "attic";
constexpr const char* kSeries = "climate.temperature";

base::EventTime day(int year, unsigned month, unsigned number) {
    return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                 static_cast<int>(number)};
}

struct World {
    World() {
        auto opened = sinks::open_sink({.path = address});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink = std::move(opened).value();
        engine::Changes changes;
        changes.nodes[kNode] = node_row(kNode);
        changes.series[{kNode, kSeries}] = series_row(kNode, kSeries);
        const auto done = commit(std::move(changes));
        REQUIRE_MESSAGE(done, done.error().detail);
        auto connected = sinks::open_database(address, false);
        REQUIRE_MESSAGE(connected, connected.error().detail);
        other = std::move(connected).value();
    }

    base::Status commit(engine::Changes changes) {
        auto loaded = sink->load(0, 1);
        if (!loaded) return loaded.error();
        auto step = step_of(loaded.value().state, "1-0");
        step.changes = std::move(changes);
        const auto done = sink->commit(step);
        return done ? base::Status{base::Done{}} : base::Status{done.error()};
    }
    /// A block of two readings; its record came when `received` says.
    void store(base::EventTime first_at, base::EventTime received) {
        engine::Changes changes;
        const engine::ReadingBlock block{
            .origin = {.incarnation = {5}, .seq = ++seq, .received = received},
            .is_ahead = first_at > received,
            .first_at = first_at,
            .last_at = first_at + 1s,
            .readings = {{.at = first_at, .value = 1}, {.at = first_at + 1s, .value = 2}}};
        changes.readings.push_back({.node = kNode, .series = kSeries, .blocks = {block}});
        const auto done = commit(std::move(changes));
        REQUIRE_MESSAGE(done, done.error().detail);
    }
    void store(base::EventTime first_at) { store(first_at, first_at + 3s); }

    std::int64_t number(const std::string& sql) {
        const auto found = other->number(sql);
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value();
    }
    void execute(const std::string& sql) {
        const auto done = other->execute(sql);
        REQUIRE_MESSAGE(done, done.error().detail);
    }
    std::int64_t parts() {
        return number(
            "SELECT count(*) FROM pg_inherits"
            " WHERE inhparent = CAST('reading_block' AS regclass)");
    }
    std::int64_t blocks_in(const std::string& part) {
        return number("SELECT count(*) FROM " + part);
    }
    std::size_t readings(base::EventTime from, base::EventTime to) {
        auto query = sinks::DatabaseQuery::open(address).value();
        const auto found =
            query->readings({.node = kNode, .series = kSeries, .from = from, .to = to});
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value().size();
    }

    sinks::Address address = central_test::fresh_schema();
    std::unique_ptr<sinks::DatabaseSink> sink;
    std::unique_ptr<sql::Database> other;
    std::uint64_t seq = 0;
};

}  // namespace

TEST_CASE("each block lies in the part of its month, which another start knows") {
    World world;
    world.store(day(2026, 10, 31) + 23h);
    world.store(day(2026, 11, 1));
    world.sink.reset();
    world.sink = sinks::open_sink({.path = world.address}).value();
    world.store(day(2026, 11, 30));
    CHECK(world.parts() == 2);
    CHECK(world.blocks_in("reading_block_2026_10") == 1);
    CHECK(world.blocks_in("reading_block_2026_11") == 2);
    CHECK(world.readings(day(2026, 10, 1), day(2026, 12, 1)) == 6);
}

TEST_CASE("a part has the indices and foreign keys of the whole") {
    World world;
    world.store(day(2026, 11, 1));
    const std::string part = "CAST('reading_block_2026_11' AS regclass)";
    CHECK(world.number("SELECT count(*) FROM pg_index WHERE indrelid = " + part) == 4);
    CHECK(world.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = " +
                       part) == 2);
    CHECK_FALSE(world.other->execute("DELETE FROM incarnation"));
}

TEST_CASE("a new month begins beside somebody who reads in a long transaction") {
    World world;
    world.store(day(2026, 10, 1));
    world.execute("BEGIN");
    CHECK(world.number("SELECT count(*) FROM reading_block") == 1);
    CHECK(world.number("SELECT count(*) FROM v_readings") == 2);
    world.store(day(2026, 11, 1));
    world.execute("COMMIT");
    CHECK(world.parts() == 2);
}

TEST_CASE("clocks that are wrong make a bounded number of parts, and their readings are kept") {
    World world;
    const auto now = day(2026, 11, 30);
    world.store(now);
    std::size_t stored = 1;
    // Each month of some years, and each of many years: before, after, at the ends of what is
    // known.
    for (int year = 1960; year < 2260; year += 7) {
        for (unsigned month = 1; month <= 12; month += 5) {
            world.store(day(year, month, 15), now);
            ++stored;
        }
    }
    world.store(day(9999, 12, 31), now);
    world.store(day(1, 1, 1), now);
    // A year beyond those that a calendar knows is no other one.
    for (const auto ms : {1'241'000'000'000'000, 2'070'000'000'000'000, 9'007'199'254'740'991}) {
        world.store(base::from_milliseconds(ms), now);
        world.store(base::from_milliseconds(-ms), now);
    }
    stored += 8;
    CHECK(world.blocks_in("reading_block") == static_cast<std::int64_t>(stored));
    CHECK(world.readings(day(1, 1, 1), day(9999, 12, 31) + 24h) == 2 * (stored - 6));
    // Of those from 20 years before on three a year, of others one.
    CHECK(world.parts() <= 1 + 3 * 3 + 40);
    // What lies within a part of years stays there when its time comes.
    const auto before = world.parts();
    world.store(day(2030, 1, 15));
    CHECK(world.parts() == before);
    // And what is not taken of a year is its part.
    world.store(day(2028, 1, 2), day(2028, 1, 2));
    world.store(day(2028, 6, 1), now);
    world.store(day(2028, 12, 31), now);
    CHECK(world.parts() == before + 2);
}

TEST_CASE("old months go as a whole, each counted, and come again with a late reading") {
    World world;
    world.store(day(2026, 8, 31));
    world.store(day(2026, 9, 1));
    world.store(day(2026, 9, 30));
    world.store(day(2026, 10, 31));
    const auto before = day(2026, 10, 31) + 23h;
    auto removed = world.sink->remove_month(before);
    REQUIRE_MESSAGE(removed, removed.error().detail);
    REQUIRE(removed.value());
    CHECK(removed.value()->blocks == 1);
    removed = world.sink->remove_month(before);
    REQUIRE(removed);
    REQUIRE(removed.value());
    CHECK(removed.value()->blocks == 2);
    CHECK(removed.value()->readings == 4);
    CHECK_FALSE(world.sink->remove_month(before).value());
    CHECK(world.parts() == 1);
    world.store(day(2026, 9, 1), day(2026, 11, 1));
    CHECK(world.parts() == 2);
    CHECK(world.readings(day(2026, 8, 1), day(2026, 12, 1)) == 4);
}

TEST_CASE("somebody who reads for long keeps a month, and neither the writer nor its blocks") {
    World world;
    world.store(day(2026, 9, 1));
    world.store(day(2026, 11, 1));
    world.execute("BEGIN");
    world.number("SELECT count(*) FROM reading_block");
    const auto kept = world.sink->remove_month(day(2026, 11, 1));
    REQUIRE_MESSAGE(kept, kept.error().detail);
    CHECK_FALSE(kept.value());
    const auto id = world.sink->kept_series(0, 1).value().front().id;
    const auto removed = world.sink->remove(
        {{.series = id, .before = day(2026, 11, 1), .now = day(2026, 11, 2)}}, 10);
    REQUIRE_MESSAGE(removed, removed.error().detail);
    CHECK(removed.value().blocks == 1);
    world.store(day(2026, 12, 1));
    world.execute("COMMIT");
    const auto gone = world.sink->remove_month(day(2026, 11, 1)).value();
    REQUIRE(gone);
    CHECK(gone->blocks == 0);
}

TEST_CASE("a month that an operator has detached or dropped hinders nobody") {
    World world;
    world.store(day(2026, 9, 1));
    world.store(day(2026, 10, 1));
    world.execute("ALTER TABLE reading_block DETACH PARTITION reading_block_2026_09");
    world.execute("DROP TABLE reading_block_2026_10");
    CHECK_FALSE(world.sink->remove_month(day(2026, 11, 1)).value());
    world.store(day(2026, 9, 1));
    world.store(day(2026, 10, 1));
    CHECK(world.blocks_in("reading_block_2026_09") == 1);
    CHECK(world.blocks_in("reading_block_2026_09_2") == 1);
    CHECK(world.blocks_in("reading_block") == 2);
}

TEST_CASE("a start after a month has gone makes nothing that is there already") {
    World world;
    world.store(day(2026, 9, 1));
    REQUIRE(world.sink->remove_month(day(2026, 11, 1)).value());
    world.sink.reset();
    const auto view =
        "SELECT xmin::text::bigint FROM pg_class WHERE relname = 'v_readings'"
        " AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
    const auto before = world.number(view);
    CHECK(sinks::open_sink({.path = world.address}));
    CHECK(world.number(view) == before);
}
