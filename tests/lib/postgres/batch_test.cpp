// Goal: rows that are written together leave what they would leave one by one, and what the server
// says of a table or a statement never ends the process.
#include <doctest/doctest.h>

#include "lib/postgres/shared_server.hpp"
#include "sql/transaction.hpp"

using shared::connect_anew;

namespace {

constexpr const char* kLast =
    "INSERT INTO thing (id, a) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET a = excluded.a";
constexpr const char* kSum =
    "INSERT INTO thing (id, a) VALUES (?, ?)"
    " ON CONFLICT (id) DO UPDATE SET a = thing.a + excluded.a";

/// Rows of the keys 0, 1, 2, 0, 1, 2, … whose values are 0, 1, 2, 3, ….
std::string after(const char* insert, std::int64_t rows) {
    auto database = connect_anew();
    sql::Transaction transaction{*database};
    for (std::int64_t i = 0; i < rows; ++i) {
        REQUIRE(database->batch(insert).bind(i % 3).bind(i).run());
    }
    REQUIRE(transaction.commit());
    auto query = database->query("SELECT string_agg(a::text, ' ' ORDER BY id) FROM thing");
    REQUIRE(query.next());
    return query.string(0);
}

}  // namespace

TEST_CASE("of rows with one key the last one stays, and one that adds adds them all") {
    CHECK(after(kLast, 10) == "9 7 8");
    CHECK(after(kSum, 10) == "18 12 15");
    CHECK(after(kSum, 2'000) == "666333 667000 665667");
}

TEST_CASE("rows with one key are written in order with those of other statements") {
    auto database = connect_anew();
    sql::Transaction transaction{*database};
    for (std::int64_t i = 0; i < 4; ++i) {
        auto insert = database->batch("INSERT INTO thing (c) VALUES (?)");
        REQUIRE(insert.bind(std::string_view{"a"}).run());
        REQUIRE(database->batch(kLast).bind(std::int64_t{1'000'000}).bind(i).run());
    }
    REQUIRE(transaction.commit());
    CHECK(database->number("SELECT count(*) FROM thing WHERE c = 'a'").value() == 4);
    CHECK(database->number("SELECT a FROM thing WHERE id = 1000000").value() == 3);
}

TEST_CASE("a column of a type that leat does not write is the operator's to mend") {
    for (const auto* type : {"integer", "varchar(20)", "text", "text[]", "timestamptz"}) {
        CAPTURE(type);
        auto database = connect_anew();
        REQUIRE(database->execute("ALTER TABLE thing DROP COLUMN a"));
        REQUIRE(database->execute(std::string{"ALTER TABLE thing ADD COLUMN a "} + type));
        sql::Transaction transaction{*database};
        auto insert = database->batch("INSERT INTO thing (id, a) VALUES (?, ?)");
        const auto written = insert.bind(std::int64_t{1}).bind(std::int64_t{2}).run();
        REQUIRE_FALSE(written);
        CHECK(written.error().fault == base::Fault::misconfigured);
        CHECK_MESSAGE(written.error().detail.find("thing.a") != std::string::npos,
                      written.error().detail);
    }
}

TEST_CASE("a batch that cannot be written takes the others with it, and the connection") {
    auto database = connect_anew();
    sql::Transaction transaction{*database};
    const auto insert = [&](const char* sql, std::int64_t number) {
        return database->batch(sql).bind(number).run();
    };
    for (int i = 0; i < 600; ++i) REQUIRE(insert("INSERT INTO thing (id) VALUES (?)", 7));
    REQUIRE(insert("INSERT INTO thing (a) VALUES (?)", 1));
    REQUIRE_FALSE(database->number("SELECT 1"));
    CHECK(database->is_lost());
    CHECK_FALSE(transaction.commit());
}

TEST_CASE("a batch that the server did not take is tried anew") {
    auto database = connect_anew();
    const auto insert = [&] {
        return database->batch("INSERT INTO thing (id) VALUES (?) RETURNING colour")
            .bind(std::int64_t{1})
            .run();
    };
    REQUIRE_FALSE(insert());
    REQUIRE(database->execute("ALTER TABLE thing ADD COLUMN colour TEXT"));
    const auto written = insert();
    CHECK_MESSAGE(written, written.error().detail);
}
