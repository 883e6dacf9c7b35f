// Goal: a connection to a real server does what one to a file does, by the same statements.
#include "postgres/database.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "lib/postgres/shared_server.hpp"
#include "sql/transaction.hpp"

namespace {

using shared::connect;
using shared::connect_anew;
using shared::server;

constexpr const char* kInsert = "INSERT INTO thing (id, a, b, c, d) VALUES (?, ?, ?, ?, ?)";

}  // namespace

TEST_CASE("every value comes back as it was bound") {
    auto database = connect_anew();
    const std::vector<std::uint8_t> bytes{0, 255, 10};
    for (const auto use : {sql::Use::plain, sql::Use::batch}) {
        CAPTURE(static_cast<int>(use));
        REQUIRE(database->execute("DELETE FROM thing"));
        auto insert = use == sql::Use::plain ? database->query(kInsert) : database->batch(kInsert);
        insert.bind(std::int64_t{7}).bind(std::numeric_limits<std::int64_t>::min());
        insert.bind(0.1 + 0.2).bind(std::string_view{"zw\xC3\xB6lf"});
        REQUIRE(insert.bind(std::span{bytes}).run());
        auto query = database->query("SELECT a, b, c, d FROM thing WHERE id = ?");
        const auto row = query.bind(std::int64_t{7}).next();
        REQUIRE(row);
        REQUIRE(row.value());
        CHECK(query.integer(0) == std::numeric_limits<std::int64_t>::min());
        CHECK(query.number(1) == 0.1 + 0.2);
        CHECK(query.text(2) == "zw\xC3\xB6lf");
        CHECK(std::vector<std::uint8_t>{query.bytes(3).begin(), query.bytes(3).end()} == bytes);
    }
}

TEST_CASE("nothing comes back as nothing, also where a value was bound before") {
    auto database = connect_anew();
    for (const bool is_null : {false, true, false}) {
        auto insert = database->query(
            "INSERT INTO thing (a, b) VALUES (?, ?) RETURNING a IS NULL, b IS NULL");
        insert.bind(is_null ? std::nullopt : std::optional<std::int64_t>{1});
        insert.bind(is_null ? std::nullopt : std::optional{2.5});
        REQUIRE(insert.next().value());
        CHECK((insert.integer(0) != 0) == is_null);
        CHECK((insert.integer(1) != 0) == is_null);
    }
}

TEST_CASE("a text that is no UTF-8 is kept as far as it is") {
    auto database = connect_anew();
    for (const auto& [text, kept] : {std::pair<std::string, std::string>{"a\xFF"
                                                                         "b",
                                                                         "a\xEF\xBF\xBD"
                                                                         "b"},
                                     {std::string{"a\0b", 3},
                                      "a\xEF\xBF\xBD"
                                      "b"},
                                     {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"}}) {
        auto insert = database->query("INSERT INTO thing (c) VALUES (?) RETURNING c");
        REQUIRE(insert.bind(std::string_view{text}).next());
        CHECK(insert.text(0) == kept);
    }
}

TEST_CASE("texts are in the order of their bytes") {
    auto database = connect_anew();
    for (const auto* text : {"b", "B", "a", "_", "\xC3\xA4"}) {
        auto insert = database->batch("INSERT INTO thing (c) VALUES (?)");
        REQUIRE(insert.bind(std::string_view{text}).run());
    }
    auto query = database->query("SELECT c FROM thing ORDER BY c");
    std::string all;
    while (query.next().value()) all += query.string(0);
    CHECK(all == "B_ab\xC3\xA4");
}

TEST_CASE("a walk gives every row, whatever runs on the connection meanwhile") {
    auto database = connect_anew();
    REQUIRE(database->execute("INSERT INTO thing (a) SELECT generate_series(1, 1000)"));
    for (const bool is_within : {false, true}) {
        if (is_within) REQUIRE(database->begin());
        std::int64_t sum = 0;
        {
            auto walk = database->walk("SELECT a FROM thing WHERE a > ? ORDER BY a");
            walk.bind(std::int64_t{10});
            while (walk.next().value()) {
                sum += walk.integer(0);
                if (is_within) REQUIRE(database->number("SELECT 1"));
            }
        }
        CHECK(sum == 1'000 * 1'001 / 2 - 55);
        if (is_within) REQUIRE(database->commit());
    }
    CHECK(database->number("SELECT count(*) FROM thing").value() == 1'000);
}

TEST_CASE("walks that take turns, and rows that are written meanwhile, do not disturb each other") {
    auto database = connect_anew();
    REQUIRE(database->execute("INSERT INTO thing (a) SELECT generate_series(1, 3000)"));
    sql::Transaction transaction{*database};
    auto up = database->walk("SELECT a FROM thing ORDER BY a");
    auto down = database->walk("SELECT a FROM thing ORDER BY a DESC");
    for (std::int64_t i = 1; i <= 3'000; ++i) {
        REQUIRE(up.next().value());
        REQUIRE(down.next().value());
        REQUIRE(up.integer(0) == i);
        REQUIRE(down.integer(0) == 3'001 - i);
        auto insert = database->batch("INSERT INTO thing (id, a) VALUES (?, ?)");
        REQUIRE(insert.bind(1'000'000 + i).bind(i).run());
    }
    CHECK_FALSE(up.next().value());
    CHECK_FALSE(down.next().value());
    REQUIRE(transaction.commit());
    CHECK(database->number("SELECT count(*) FROM thing").value() == 6'000);
}

TEST_CASE("an Error in rows that a walk has asked for ahead comes when they are due") {
    auto database = connect_anew();
    {
        auto walk =
            database->walk("SELECT 1 / (700 - number) FROM generate_series(1, 1000) AS number");
        auto row = walk.next();
        int rows = 0;
        for (; row && row.value(); row = walk.next()) ++rows;
        CHECK(rows > 0);
        CHECK(rows < 700);
        REQUIRE_FALSE(row);
        CHECK(row.error().detail.find("division by zero") != std::string::npos);
    }
    CHECK(database->number("SELECT 7").value() == 7);
}

TEST_CASE("a walk that is given up leaves none of its rows to the next one") {
    auto database = connect_anew();
    REQUIRE(database->execute("INSERT INTO thing (a) SELECT generate_series(1, 3000)"));
    sql::Transaction transaction{*database};
    for (const std::int64_t after : {0, 1'000, 0}) {
        auto walk = database->walk("SELECT a FROM thing WHERE a > ? ORDER BY a");
        walk.bind(after);
        for (std::int64_t i = 1; i <= 700; ++i) {
            REQUIRE(walk.next().value());
            REQUIRE(walk.integer(0) == after + i);
            // Of the first walk the rows on their way have come when it is given up.
            if (after == 0 && i % 300 == 0) REQUIRE(database->number("SELECT 1"));
        }
    }
    REQUIRE(transaction.commit());
}

TEST_CASE("an Error in rows that are on their way is the reason of what fails after it") {
    constexpr const char* kFailing =
        "SELECT 1 / (1000 - number) FROM generate_series(1, 2000) AS number";
    const auto is_told = [](const base::Error& error) {
        return error.detail.find("division by zero") != std::string::npos;
    };
    auto database = connect_anew();
    SUBCASE("of a statement in the same transaction") {
        sql::Transaction transaction{*database};
        auto walk = database->walk(kFailing);
        for (int i = 0; i < 65; ++i) REQUIRE(walk.next().value());
        const auto other = database->number("SELECT 1");
        REQUIRE_FALSE(other);
        CHECK(is_told(other.error()));
    }
    SUBCASE("of a transaction in which the walk is given up: it is lost") {
        sql::Transaction transaction{*database};
        {
            auto walk = database->walk(kFailing);
            for (int i = 0; i < 65; ++i) REQUIRE(walk.next().value());
        }
        CHECK(database->is_lost());
        CHECK_FALSE(transaction.commit());
    }
    SUBCASE("and of nothing when the walk had a transaction of its own") {
        {
            auto walk = database->walk(kFailing);
            for (int i = 0; i < 65; ++i) REQUIRE(walk.next().value());
        }
        CHECK(database->number("SELECT 7").value() == 7);
    }
}

TEST_CASE("a walk that is given up leaves the connection as it was") {
    auto database = connect_anew();
    REQUIRE(database->execute("INSERT INTO thing (a) SELECT generate_series(1, 1000)"));
    for (int i = 0; i < 3; ++i) {
        auto walk = database->walk("SELECT a FROM thing ORDER BY a");
        REQUIRE(walk.next().value());
    }
    REQUIRE(database->begin());
    REQUIRE(database->commit());
}

TEST_CASE("rows of a batch are there before anything else is asked") {
    auto database = connect_anew();
    sql::Transaction transaction{*database};
    for (std::int64_t i = 0; i < 25'000; ++i) {
        auto insert = database->batch(
            "INSERT INTO thing (id, a) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET a = excluded.a");
        REQUIRE(insert.bind(i).bind(i % 2 == 0 ? std::optional{i} : std::nullopt).run());
    }
    CHECK(database->number("SELECT count(*) FROM thing").value() == 25'000);
    CHECK(database->number("SELECT count(a) FROM thing").value() == 12'500);
    REQUIRE(transaction.commit());
}

TEST_CASE("what fails in a transaction is told when it commits at the latest, and nothing stays") {
    auto database = connect_anew();
    {
        sql::Transaction transaction{*database};
        auto good = database->batch("INSERT INTO thing (id, a) VALUES (?, ?)");
        REQUIRE(good.bind(std::int64_t{1}).bind(std::int64_t{1}).run());
        [[maybe_unused]] const auto sent =
            database->query("INSERT INTO thing (id) VALUES (1), (1)").run();
        const auto committed = transaction.commit();
        REQUIRE_FALSE(committed);
        CHECK(committed.error().fault == base::Fault::transient);
        CHECK(committed.error().detail.find("duplicate key") != std::string::npos);
    }
    CHECK(database->number("SELECT count(*) FROM thing").value() == 0);
}

TEST_CASE("what a transaction that was given up had collected is not written by the next one") {
    auto database = connect_anew();
    {
        sql::Transaction transaction{*database};
        auto insert = database->batch("INSERT INTO thing (id) VALUES (?)");
        REQUIRE(insert.bind(std::int64_t{1}).run());
    }
    sql::Transaction transaction{*database};
    REQUIRE(transaction.commit());
    CHECK(database->number("SELECT count(*) FROM thing").value() == 0);
}

TEST_CASE("two that write wait for each other, and for no more than the time for locks") {
    auto first = connect_anew();
    auto second = postgres::open({.place = server().uri(), .lock_within = base::Duration{200}});
    REQUIRE(second);
    sql::Transaction transaction{*first};
    REQUIRE(first->number("SELECT 1"));
    {
        sql::Transaction other{*second.value()};
        const auto refused = second.value()->number("SELECT 1");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find("another connection holds a lock") != std::string::npos);
    }
    REQUIRE(transaction.commit());
    sql::Transaction other{*second.value()};
    CHECK(other.commit());
}

TEST_CASE("a lock is held by one connection, for as long as that lasts") {
    auto first = connect();
    const auto second = connect();
    CHECK(postgres::hold(*first, "central").value());
    CHECK_FALSE(postgres::hold(*second, "central").value());
    CHECK(postgres::hold(*second, "another").value());
    first.reset();
    bool is_free = false;
    for (int i = 0; i < 100 && !is_free; ++i) {
        is_free = postgres::hold(*second, "central").value();
        REQUIRE(second->number("SELECT CASE WHEN pg_sleep(0.02) IS NULL THEN 0 ELSE 1 END"));
    }
    CHECK(is_free);
}

TEST_CASE("a reader cannot write") {
    connect_anew();
    auto reader = postgres::open({.place = server().uri(), .is_read_only = true});
    REQUIRE(reader);
    CHECK(reader.value()->number("SELECT count(*) FROM thing"));
    CHECK_FALSE(reader.value()->execute("DELETE FROM thing"));
}

TEST_CASE("numbers are read whatever their type is") {
    auto database = connect();
    auto query = database->query(
        "SELECT sum(a), -1234567.0625::numeric, 3::smallint, true, 2.5::real, '42'::text, "
        "0::numeric"
        " FROM (VALUES (9007199254740991::bigint), (1)) AS t (a)");
    REQUIRE(query.next().value());
    CHECK(query.integer(0) == 9'007'199'254'740'992);
    CHECK(query.number(1) == -1234567.0625);
    CHECK(query.integer(2) == 3);
    CHECK(query.integer(3) == 1);
    CHECK(query.number(4) == 2.5);
    CHECK(query.integer(5) == 42);
    CHECK(query.number(6) == 0);
}

TEST_CASE("a number is written as SQLite writes it, by its type") {
    auto database = connect();
    for (const auto& [sql, text] : {std::pair{"23.5::float8", "23.5"},
                                    {"23::float8", "23.0"},
                                    {"-1e20::float8", "-1.0e+20"},
                                    {"1e15::float8", "1.0e+15"},
                                    {"123456789012345::float8", "123456789012345.0"},
                                    {"0.00001234::float8", "1.234e-05"},
                                    {"0.1::float8 + 0.2", "0.3"},
                                    {"'-Infinity'::float8", "-Inf"},
                                    {"2.5::real", "2.5"},
                                    {"-23.50::numeric", "-23.5"},
                                    {"avg(n)", "2.0"},
                                    {"sum(n)", "4"},
                                    {"bool_and(n > 0)", "1"}}) {
        CAPTURE(sql);
        auto query = database->query(std::string{"SELECT "} + sql +
                                     " FROM (VALUES (1::bigint), (3)) AS t (n)");
        REQUIRE(query.next().value());
        CHECK(query.text(0) == text);
    }
}

TEST_CASE("a commit is durable, also where the server's default is otherwise") {
    auto admin = connect();
    REQUIRE(admin->execute("ALTER DATABASE leat SET synchronous_commit = off"));
    auto database = connect();
    auto query = database->query("SELECT current_setting('synchronous_commit')");
    REQUIRE(query.next().value());
    CHECK(query.text(0) == "on");
    REQUIRE(admin->execute("ALTER DATABASE leat RESET synchronous_commit"));
}

TEST_CASE("a place is named without its password") {
    const auto name = [](const char* place) { return postgres::name_of(place).value(); };
    CHECK(name("postgresql://leat:secret@db.example:5433/house") ==
          "postgresql://leat@db.example:5433/house");
    CHECK(name("host=/run/postgresql dbname=leat") == "postgresql:///run/postgresql/leat");
    CHECK(name("service=house") == "postgresql:/// (service house)");
    CHECK(postgres::has_password("postgresql://leat:secret@db/house"));
    CHECK(postgres::has_password("postgresql://leat@db/house?sslkey=/k&sslpassword=secret"));
    CHECK_FALSE(postgres::has_password("postgresql://leat@db/house"));
    CHECK_FALSE(postgres::name_of("postgresql://leat@db/house?colour=blue"));
    const auto refused = postgres::name_of("postgresql://leat:sec%zzret@db/house");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("ret") == std::string::npos);
}
