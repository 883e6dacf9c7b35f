// Goal: what retention removes is found by keys, however large the tables are, and with plans that
// PostgreSQL makes once for all values. Method: a real server counts the scans of whole tables.
#include <doctest/doctest.h>

#include "central/database/place.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"

using namespace sinks_test;

TEST_CASE("windows and blocks that are too old are removed without a look at the others") {
    const auto address = central_test::fresh_schema();
    auto sink = sinks::open_sink({.path = address}).value();
    REQUIRE(sink->commit(step_of(sink->load(0, 1).value().state, "1-0")));
    auto other = sinks::open_patient(address).value();
    const auto execute = [&](const std::string& sql) {
        const auto done = other->execute(sql);
        REQUIRE_MESSAGE(done, done.error().detail);
    };
    execute(
        "INSERT INTO dim_series (node_id, name, quantity, unit, driver, last_value, readings,"
        " first_at, last_at) SELECT 1, 'a.c' || n, 'temperature', 'Cel', 'x', 0, 1, 0, 1"
        " FROM generate_series(1, 300) AS n");
    execute(
        "INSERT INTO rollup_1m SELECT s, n * 60000, 1, 1, 1, 1, 1, 1, 1, n * 60000, n * 60000, 0,"
        " 0, 1 FROM generate_series(2, 301) AS s, generate_series(1, 200) AS n"
        " ON CONFLICT DO NOTHING");
    execute("INSERT INTO incarnation (node_id, incarnation) VALUES (1, '0000000000000001')");
    execute(
        "CREATE TABLE reading_block_1970_01 PARTITION OF reading_block FOR VALUES FROM (0)"
        " TO (2678400000)");
    execute(
        "INSERT INTO reading_block (series_id, first_at, lasts, incarnation_id, seq, stored_after,"
        " flags, count, step, readings) SELECT s, n * 60000, 0, 1, n, 0, 0, 1, 0, '[1]'"
        " FROM generate_series(2, 301) AS s, generate_series(1, 200) AS n");
    execute("ANALYZE");
    const auto scans = [&] {
        return other
            ->number(
                "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE schemaname ="
                " current_schema() AND relname IN ('rollup_1m', 'reading_block_1970_01')")
            .value();
    };
    // A connection tells what it did with its next statement, a second later.
    const auto tell = [&] {
        base::pause_for(1'200ms);
        CHECK(sink->newest_arrival());
        CHECK(other->number("SELECT 1"));
        base::pause_for(200ms);
    };
    tell();
    const auto before = scans();
    // Often enough for plans that are made once for all values.
    std::uint64_t windows = 0;
    REQUIRE(sink->give_up(1min, at(60'000 * 101)));
    for (std::int64_t series = 2; series < 22; series += 2) {
        const auto removed = sink->remove_windows(1min, series, 400);
        REQUIRE_MESSAGE(removed, removed.error().detail);
        windows += removed.value().windows;
    }
    CHECK(windows >= 3'900);
    std::uint64_t blocks = 0;
    for (std::int64_t series = 2; series < 22; ++series) {
        const auto removed = sink->remove(
            {{.series = series, .before = at(6 * 3'600'000), .now = at(7 * 3'600'000)}}, 200);
        REQUIRE_MESSAGE(removed, removed.error().detail);
        blocks += removed.value().blocks;
    }
    CHECK(blocks == 20 * 200);
    tell();
    CHECK(scans() == before);
}
