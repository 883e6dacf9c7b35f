// Goal: a transaction is stored whole or not at all.

#include "sqlite/transaction.hpp"

#include <doctest/doctest.h>

#include "sqlite/database.hpp"
#include "support/temporary_folder.hpp"

namespace {

sqlite::Database open(const std::string& path) {
    auto opened =
        sqlite::Database::open({.path = path, .busy_timeout = std::chrono::milliseconds{10}});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    REQUIRE(database.begin_log({}));
    REQUIRE(database.execute("CREATE TABLE IF NOT EXISTS t(a)"));
    return database;
}

std::int64_t rows(sqlite::Database& database) {
    return database.number("SELECT count(*) FROM t").value();
}

}  // namespace

TEST_SUITE("sqlite/transaction") {
    TEST_CASE("what is committed stays, what is not is rolled back") {
        const support::TemporaryFolder folder;
        auto database = open(folder.file("a.db"));
        {
            sqlite::Transaction transaction(database);
            REQUIRE(transaction.begun());
            REQUIRE(database.execute("INSERT INTO t VALUES(1)"));
            REQUIRE(transaction.commit());
        }
        CHECK(rows(database) == 1);
        {
            const sqlite::Transaction transaction(database);
            REQUIRE(database.execute("INSERT INTO t VALUES(2)"));
            CHECK(rows(database) == 2);
        }
        CHECK(rows(database) == 1);
    }

    TEST_CASE("there is one at a time, and one that could not begin undoes nothing") {
        const support::TemporaryFolder folder;
        auto first = open(folder.file("a.db"));
        auto second = open(folder.file("a.db"));
        sqlite::Transaction writing(first);
        REQUIRE(writing.begun());
        REQUIRE(first.execute("INSERT INTO t VALUES(1)"));
        {
            const sqlite::Transaction refused(second);
            CHECK_FALSE(refused.begun());
            const sqlite::Transaction nested(first);
            CHECK_FALSE(nested.begun());
        }
        CHECK(rows(second) == 0);
        REQUIRE(writing.commit());
        CHECK(rows(second) == 1);
    }
}
