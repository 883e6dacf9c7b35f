// Goal: what only a server can do to a sink does it no harm: it dies in a commit, hangs, or has
// tables of others. Method: a real PostgreSQL. The contract that it shares with SQLite is tested by
// the suites that ctest runs over both.
#include "central/sinks/postgres_sink.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

#include "base/random.hpp"
#include "central/database/place.hpp"
#include "central/sinks/access/server_check.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "central/sinks/tables/schema.hpp"
#include "support/eventually.hpp"

using namespace sinks_test;
using sinks::PostgresSink;

namespace {

std::unique_ptr<PostgresSink> open(const sinks::Address& address) {
    auto opened = PostgresSink::open({.path = address});
    REQUIRE_MESSAGE(opened, opened.error().detail);
    return std::move(opened).value();
}

/// Many rows may take long.
void execute(const sinks::Address& address, const std::string& sql) {
    auto database = sinks::open_patient(address);
    REQUIRE_MESSAGE(database, database.error().detail);
    const auto done = database.value()->execute(sql);
    REQUIRE_MESSAGE(done, done.error().detail);
}

std::int64_t number(const sinks::Address& address, const std::string& sql) {
    auto database = sinks::open_database(address, true);
    REQUIRE_MESSAGE(database, database.error().detail);
    const auto found = database.value()->number(sql);
    REQUIRE_MESSAGE(found, found.error().detail);
    return found.value();
}

std::string schema_of(const sinks::Address& address) {
    auto database = sinks::open_database(address, true);
    REQUIRE_MESSAGE(database, database.error().detail);
    auto query = database.value()->query("SELECT current_schema()");
    REQUIRE(query.next());
    return query.string(0);
}

std::string refusal(const sinks::Address& address) {
    const auto refused = PostgresSink::open({.path = address});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
    return refused.error().detail;
}

/// Step number n: as many windows, each with n as its revision, and a cursor that says n.
sinks::Commit numbered(const sinks::PartitionState& state, int n) {
    auto step = step_of(state, std::to_string(n) + "-0");
    step.changes.gaps.clear();
    step.changes.quarantined.clear();
    for (int i = 0; i < 200; ++i) {
        step.changes.windows[{1min, "attic", "climate.temperature", at(i * 60'000)}] =
            window_row(static_cast<std::uint64_t>(n));
    }
    return step;
}

}  // namespace

TEST_CASE("a second central is refused, until the first has gone") {
    const auto address = central_test::fresh_schema();
    auto first = open(address);
    CHECK(refusal(address).find("another central uses this database") != std::string::npos);
    first.reset();
    CHECK(open(address));
}

TEST_CASE("a second central waits as long as the first may have died unseen") {
    const auto address = central_test::fresh_schema();
    auto first = open(address);
    auto opened = PostgresSink::open({.path = address, .hold_patience = 1500ms});
    REQUIRE_MESSAGE(opened, opened.error().detail);
    auto& second = *opened.value();
    CHECK(second.connect().error().fault == base::Fault::transient);
    SUBCASE("and works when that one has gone") {
        first.reset();
        CHECK(second.connect());
    }
    SUBCASE("and is refused when that one lives") {
        std::this_thread::sleep_for(1500ms);
        CHECK(second.connect().error().fault == base::Fault::misconfigured);
    }
}

TEST_CASE("central connects again while somebody reads its views in a long transaction") {
    const auto address = central_test::fresh_schema();
    open(address);
    auto reader = sinks::open_database(address, true);
    REQUIRE_MESSAGE(reader, reader.error().detail);
    REQUIRE(reader.value()->execute("BEGIN"));
    REQUIRE(reader.value()->number("SELECT count(*) FROM v_latest_readings"));
    REQUIRE(reader.value()->number("SELECT count(*) FROM rollup_1m"));
    CHECK(open(address));
    // Whoever drops a view gets it back.
    REQUIRE(reader.value()->execute("COMMIT"));
    execute(address, "DROP VIEW v_latest_readings");
    open(address);
    CHECK(number(address, "SELECT count(*) FROM v_latest_readings") == 0);
}

TEST_CASE("a database of a newer leat, and one of another program, are refused and left alone") {
    const auto newer = central_test::fresh_schema();
    open(newer);
    execute(newer, "UPDATE meta SET value = '999' WHERE name = 'schema_version'");
    CHECK(refusal(newer).find("version 999") != std::string::npos);
    CHECK(number(newer, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema_version'") ==
          999);
    const auto foreign = central_test::fresh_schema();
    execute(foreign, "CREATE TABLE invoice (id INTEGER)");
    CHECK(refusal(foreign).find("tables of another program") != std::string::npos);
    CHECK(number(foreign, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()") ==
          1);
}

TEST_CASE("views that others have made upon leat's stay at a new start") {
    const auto address = central_test::fresh_schema();
    open(address);
    execute(address, "CREATE VIEW mine AS SELECT * FROM v_hourly");
    open(address);
    CHECK(number(address, "SELECT count(*) FROM mine") == 0);
}

TEST_CASE("a table or column that somebody has removed is named") {
    const auto address = central_test::fresh_schema();
    open(address);
    execute(address, "ALTER TABLE mark DROP COLUMN hash");
    CHECK(refusal(address).find("the database lacks mark.hash") != std::string::npos);
}

TEST_CASE("of several schemas in the path only the first is touched") {
    const auto& server = central_test::server();
    const auto behind = central_test::fresh_schema();
    open(behind);
    constexpr const char* kAll =
        "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('behind')";
    execute(behind, fmt::format("ALTER SCHEMA {} RENAME TO behind", schema_of(behind)));
    const auto known = sinks::Address::server(server.uri("behind"));
    const auto before = number(known, kAll);
    execute(known, "CREATE SCHEMA before");
    open(sinks::Address::server(server.uri("before%2Cbehind")));
    CHECK(number(known, kAll) == before);
    CHECK(number(sinks::Address::server(server.uri("before")), "SELECT count(*) FROM rollup_1h") ==
          0);
    open(known);
}

TEST_CASE("a schema that somebody puts before the one in use is left empty, and told") {
    const auto& server = central_test::server();
    const auto own = central_test::fresh_schema();
    const auto both = "soon%2C" + schema_of(own);
    auto sink = open(sinks::Address::server(server.uri(both)));
    execute(own, "CREATE SCHEMA soon");
    execute(own,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN"
            " (SELECT pid FROM pg_locks WHERE locktype = 'advisory') AND pid <> pg_backend_pid()");
    base::Error told;
    CHECK(support::eventually([&] {
        const auto loaded = sink->load(0, 1);
        if (!loaded) told = loaded.error();
        return !loaded && loaded.error().detail.find("another database") != std::string::npos;
    }));
    CHECK(told.fault == base::Fault::misconfigured);
    CHECK(number(own, "SELECT count(*) FROM pg_tables WHERE schemaname = 'soon'") == 0);
}

TEST_CASE("alerts are written by the central that holds the database, and by no other") {
    const auto address = central_test::fresh_schema();
    auto first = open(address);
    sinks::AlertBook book{address};
    CHECK(book.save({}, {}));
    execute(address, "UPDATE meta SET value = 'another process' WHERE name = 'writer'");
    const auto refused = book.save({}, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("another central uses this database") != std::string::npos);
    first.reset();
    open(address);
    CHECK(book.save({}, {}));
}

TEST_CASE("a check tells of a role that may not make the tables, or not write to them") {
    const auto uri = central_test::fresh_uri();
    const auto own = sinks::Address::server(uri);
    execute(own, "CREATE ROLE reader LOGIN");
    execute(own, fmt::format("GRANT USAGE ON SCHEMA {} TO reader", schema_of(own)));
    auto as_reader = uri;
    as_reader.replace(as_reader.find("leat@"), 4, "reader");
    const auto reader = sinks::Address::server(as_reader);
    CHECK(sinks::state_of(reader).error().detail.find("may not make tables") != std::string::npos);
    open(own);
    execute(own, fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO reader", schema_of(own)));
    CHECK(sinks::state_of(reader).error().detail.find("may not write") != std::string::npos);
    execute(own, fmt::format("GRANT ALL ON ALL TABLES IN SCHEMA {} TO reader", schema_of(own)));
    CHECK(sinks::state_of(reader).error().detail.find("divide them by months") !=
          std::string::npos);
}

TEST_CASE("what a check says of a server is true") {
    const auto address = central_test::fresh_schema();
    // The tests' own server does not sync.
    const auto found = sinks::state_of(address);
    REQUIRE_FALSE(found);
    CHECK(found.error().detail.find("fsync is off") != std::string::npos);
}

TEST_CASE("a sink whose server is away is there, and works once that comes") {
    support::PostgresServer server;
    const auto address = sinks::Address::server(server.uri());
    server.stop();
    auto opened = sinks::open_sink({.path = address});
    REQUIRE(opened);
    auto& sink = *opened.value();
    CHECK(sink.identity().empty());
    const auto away = sink.load(0, 1);
    REQUIRE_FALSE(away);
    CHECK(away.error().fault == base::Fault::transient);
    auto query = sinks::DatabaseQuery::open(address);
    REQUIRE(query);
    CHECK_FALSE(query.value()->nodes());
    server.restart();
    base::pause_for(1'100ms);  // The pause after a refusal.
    const auto loaded = sink.load(0, 1);
    REQUIRE_MESSAGE(loaded, loaded.error().detail);
    CHECK(sink.identity().size() == 32);
    const auto done = sink.commit(step_of(loaded.value().state, "1-0"));
    REQUIRE_MESSAGE(done, done.error().detail);
    CHECK(query.value()->nodes().value().size() == 1);
}

TEST_CASE(
    "wherever in a commit the server dies, all of it is there or nothing, as the cursor says") {
    support::PostgresServer server;
    auto sink = open(sinks::Address::server(server.uri()));
    base::Random random{base::entropy()};
    int committed = 0;
    int unknown = 0;
    for (int round = 0; round < 12; ++round) {
        auto loaded = sink->load(0, 1);
        for (int tries = 0; !loaded && tries < 100; ++tries) {
            base::pause_for(100ms);
            loaded = sink->load(0, 1);
        }
        REQUIRE_MESSAGE(loaded, loaded.error().detail);
        const auto& state = loaded.value().state;
        const int reached = std::stoi(state.cursor);
        // What was answered is kept; at most the one without an answer came on top.
        REQUIRE(reached >= committed);
        REQUIRE(reached <= committed + 1);
        if (reached > committed) ++unknown;
        committed = reached;
        if (committed > 0) {
            for (int i = 0; i < 200; ++i) {
                const auto row =
                    sink->memory().window({1min, "attic", "climate.temperature", at(i * 60'000)});
                REQUIRE(row);
                REQUIRE(row.value());
                REQUIRE(row.value()->revision == static_cast<std::uint64_t>(committed));
            }
        }
        // One for certain, however slow the machine is; then until the server dies.
        const auto first = sink->commit(numbered(state, committed + 1));
        REQUIRE_MESSAGE(first, first.error().detail);
        ++committed;
        std::thread killer{[&, wait = random.below(60)] {
            base::pause_for(base::Duration{static_cast<std::int64_t>(wait)});
            server.crash();
        }};
        while (sink->commit(numbered(state, committed + 1))) ++committed;
        killer.join();
        server.restart();
    }
    MESSAGE(committed << " commits, " << unknown << " of them without an answer");
    CHECK(committed >= 12);
}

TEST_CASE("a server that hangs fails a commit in time, and it is there once after it goes on") {
    support::PostgresServer server;
    auto sink = open(sinks::Address::server(server.uri()));
    auto state = sink->load(0, 1).value().state;
    REQUIRE(sink->commit(numbered(state, 1)));
    server.hang();
    const base::SystemClock clock;
    const auto begin = clock.instant();
    CHECK_FALSE(sink->commit(numbered(state, 2)));
    CHECK(clock.instant() - begin < 10s);
    // Whoever asks now is not kept waiting.
    const auto again = clock.instant();
    CHECK_FALSE(sink->load(0, 1));
    CHECK(clock.instant() - again < 1s);
    server.go_on();
    base::Result<sinks::Loaded> loaded = base::Error{base::Fault::transient, ""};
    for (int tries = 0; !loaded && tries < 200; ++tries) {
        base::pause_for(100ms);
        loaded = sink->load(0, 1);
    }
    REQUIRE_MESSAGE(loaded, loaded.error().detail);
    CHECK(loaded.value().state.cursor == "1-0");
    REQUIRE(sink->commit(numbered(loaded.value().state, 2)));
}

TEST_CASE("what the API asks goes through indices") {
    const auto address = central_test::fresh_schema();
    auto sink = open(address);
    REQUIRE(sink->commit(step_of(sink->load(0, 1).value().state, "1-0")));
    execute(address,
            "INSERT INTO dim_series (node_id, name, quantity, unit, driver, last_value, readings,"
            " first_at, last_at) SELECT 1, 'a.c' || n, 'temperature', 'Cel', 'x', 0, 1, 0, 1"
            " FROM generate_series(1, 300) AS n");
    for (const std::string table : {"rollup_1m", "rollup_1h"}) {
        execute(address,
                "INSERT INTO " + table +
                    " SELECT s, n * 60000, 1, 1, 1, 1, 1, 1, 1, n * 60000, n * 60000, 0, 0,"
                    " 1 FROM generate_series(2, 301) AS s, generate_series(1, 100) AS n"
                    " ON CONFLICT DO NOTHING");
    }
    execute(address,
            "INSERT INTO incarnation (node_id, incarnation) VALUES (1, '0000000000000001')");
    execute(address,
            "CREATE TABLE reading_block_1970_01 PARTITION OF reading_block FOR VALUES FROM (0)"
            " TO (2678400000)");
    execute(address,
            "INSERT INTO reading_block (series_id, first_at, lasts, incarnation_id, seq,"
            " stored_after, flags, count, step, readings) SELECT s, n * 60000, 0, 1, n, 0, 0, 1, 0,"
            " '[1]' FROM generate_series(2, 301) AS s, generate_series(1, 100) AS n");
    execute(address,
            "INSERT INTO finding (series_id, code, severity, began, held, ended, at, value,"
            " score, times, sentence, parameters) SELECT s, 'odd', 'warning', n, n, n, n, 1,"
            " 1, 1, '', '{}' FROM generate_series(2, 301) AS s, generate_series(1, 20) AS n");
    execute(address, "ANALYZE");
    const auto scans = [&] {
        return number(address,
                      "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE schemaname ="
                      " current_schema() AND relname IN ('rollup_1m', 'rollup_1h',"
                      " 'reading_block_1970_01', 'finding', 'failed_1m')");
    };
    const auto before = scans();
    {
        auto query = sinks::DatabaseQuery::open(address).value();
        // Often enough for plans that are made once for all values.
        for (int i = 0; i < 8; ++i) {
            const auto series = "a.c" + std::to_string(1 + i);
            const sinks::WindowRange range{.node = "attic",
                                           .series = series,
                                           .span = 1min,
                                           .from = at(0),
                                           .to = at(3'600'000)};
            CHECK(query->windows(range).value().size() == 59);
            auto merged = range;
            merged.span = 5min;
            CHECK(query->windows(merged).value().size() == 12);
            CHECK(query->around(range));
            CHECK(query->failures(range));
            CHECK(query
                      ->readings({.node = "attic",
                                  .series = series,
                                  .from = at(0),
                                  .to = at(3'600'000),
                                  .readings_max = 20})
                      .value()
                      .size() == 20);
            CHECK(query->reading_extent(
                {.node = "attic", .series = series, .from = at(0), .to = at(3'600'000)}));
            CHECK(query->findings({.to = at(1'000), .rows_max = 5}).value().size() == 5);
        }
    }
    base::pause_for(200ms);  // Until the server has counted them.
    CHECK(scans() == before);
}
