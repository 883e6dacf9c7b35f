// Goal: what is bound is what is read, and a statement's next use knows nothing of the one before.

#include "sqlite/query.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "sqlite/database.hpp"

namespace {

sqlite::Database memory() {
    auto opened = sqlite::Database::open({.path = ":memory:"});
    REQUIRE(opened);
    return std::move(opened).value();
}

}  // namespace

TEST_SUITE("sqlite/query") {
    TEST_CASE("every kind of value comes back as it was bound") {
        auto database = memory();
        const std::array<std::uint8_t, 3> bytes{0, 255, 7};
        const auto time = base::from_milliseconds(-1'763'630'000'000);
        constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
        auto query = database.query("SELECT ?, ?, ?, ?, ?, ?, ?");
        query.bind(kLeast).bind(std::numeric_limits<std::uint64_t>::max()).bind(0.1);
        query.bind(std::string_view{"a\0ä", 4}).bind(bytes).bind(time).bind_null();
        REQUIRE(query.next().value());
        CHECK(query.integer(0) == kLeast);
        CHECK(query.count(1) == std::numeric_limits<std::uint64_t>::max());
        CHECK(query.number(2) == 0.1);
        CHECK(query.string(3) == std::string("a\0ä", 4));
        CHECK(query.text(3) == query.string(3));
        REQUIRE(query.bytes(4).size() == 3);
        CHECK(query.bytes(4)[1] == 255);
        CHECK(query.time(5) == time);
        CHECK(query.optional_time(5) == time);
        CHECK(query.optional_number(2) == 0.1);
        CHECK_FALSE(query.is_null(5));
        CHECK(query.is_null(6));
        CHECK_FALSE(query.optional_time(6));
        CHECK_FALSE(query.optional_number(6));
        CHECK(query.text(6).empty());
        CHECK_FALSE(query.next().value());
    }

    TEST_CASE("an empty text is a text, and an optional without a value is none") {
        auto database = memory();
        auto query = database.query("SELECT ? IS NULL, ? IS NULL, ? IS NULL");
        query.bind(std::string_view{}).bind(std::optional<double>{}).bind(std::optional{1.0});
        REQUIRE(query.next().value());
        CHECK(query.integer(0) == 0);
        CHECK(query.integer(1) == 1);
        CHECK(query.integer(2) == 0);
    }

    TEST_CASE("a statement is used again and again, each time from its beginning") {
        auto database = memory();
        REQUIRE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1), (2), (3)"));
        for (int i = 0; i < 2; ++i) {
            auto query = database.query("SELECT a FROM t WHERE a > ? ORDER BY a");
            query.bind(std::int64_t{1});
            REQUIRE(query.next().value());
            CHECK(query.integer(0) == 2);  // Left in the middle.
        }
        std::int64_t sum = 0;
        auto query = database.query("SELECT a FROM t WHERE a > ? ORDER BY a");
        query.bind(std::int64_t{0});
        for (auto row = query.next(); row && row.value(); row = query.next()) {
            sum += query.integer(0);
        }
        CHECK(sum == 6);
    }

    TEST_CASE("a statement that was left in the middle keeps no lock") {
        auto database = memory();
        REQUIRE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1), (2)"));
        REQUIRE(database.query("SELECT a FROM t").next().value());
        CHECK(database.execute("DROP TABLE t"));
    }

    TEST_CASE("changed rows are counted") {
        auto database = memory();
        REQUIRE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1), (2), (3)"));
        CHECK(database.query("UPDATE t SET a = 9 WHERE a > ?").bind(1.0).run_and_count().value() ==
              2);
        CHECK(database.query("DELETE FROM t WHERE a = ?").bind(5.0).run_and_count().value() == 0);
    }
}
