// Goal: what a transaction has not kept is never taken for kept, and a connection in a state that
// nobody knows is used no more.
#include "sql/transaction.hpp"

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "lib/postgres/shared_server.hpp"

using namespace std::chrono_literals;
using shared::connect;
using shared::connect_anew;

namespace {

/// Its answer is so long that the server sends it at once.
constexpr const char* kSlow = "SELECT repeat('a', 100000) FROM pg_sleep(0.2)";

}  // namespace

TEST_CASE("a commit after an Error that nobody heeded is an Error, and the connection is lost") {
    auto database = connect_anew();
    sql::Transaction transaction{*database};
    REQUIRE(database->query("INSERT INTO thing (id) VALUES (1)").run());
    REQUIRE_FALSE(database->number("SELECT 1 / 0"));
    const auto committed = transaction.commit();
    REQUIRE_FALSE(committed);
    CHECK(committed.error().fault == base::Fault::transient);
    CHECK(database->is_lost());
    CHECK(connect()->number("SELECT count(*) FROM thing").value() == 0);
}

TEST_CASE("a walk whose end fails leaves a connection that is lost") {
    auto database = connect_anew();
    {
        auto walk = database->walk("SELECT generate_series(1, 1000)");
        REQUIRE(walk.next().value());
        REQUIRE(database->begin());
        REQUIRE(database->query("SELECT 1 / 0").run());
    }
    CHECK(database->is_lost());
}

TEST_CASE("a transaction sees what others committed before it got the lock, whatever the default") {
    auto admin = connect();
    REQUIRE(
        admin->execute("ALTER DATABASE leat SET default_transaction_isolation = 'serializable'"));
    auto database = connect();
    REQUIRE(admin->execute("ALTER DATABASE leat RESET default_transaction_isolation"));
    sql::Transaction transaction{*database};
    auto query = database->query("SELECT current_setting('transaction_isolation')");
    REQUIRE(query.next());
    CHECK(query.text(0) == "read committed");
}

TEST_CASE("answers that come one by one do not keep a caller for ever") {
    auto opened = postgres::open(
        {.place = shared::server().uri(), .answer_within = 1s, .settle_within = 1200ms});
    REQUIRE(opened);
    auto& database = *opened.value();
    const base::SystemClock clock;
    const auto begin = clock.instant();
    sql::Transaction transaction{database};
    for (int i = 0; i < 20; ++i) REQUIRE(database.query(kSlow).run());
    const auto committed = transaction.commit();
    REQUIRE_FALSE(committed);
    CHECK(committed.error().detail.find("longer than") != std::string::npos);
    CHECK(database.is_lost());
    CHECK(clock.instant() - begin < 3s);
}

TEST_CASE("a statement that may take long may do so with others") {
    auto opened = postgres::open(
        {.place = shared::server().uri(), .answer_within = 5s, .settle_within = 100ms});
    REQUIRE(opened);
    sql::Transaction transaction{*opened.value()};
    for (int i = 0; i < 3; ++i) REQUIRE(opened.value()->query(kSlow).run());
    CHECK(transaction.commit());
}

TEST_CASE("a lock needs a schema, which the operator is told to create") {
    for (const auto& [path, remedy] :
         {std::pair{"nowhere", "CREATE SCHEMA nowhere"},
          {"%22$user%22", "CREATE SCHEMA AUTHORIZATION CURRENT_USER"}}) {
        auto database = postgres::open({.place = shared::server().uri(path)});
        REQUIRE(database);
        const auto held = postgres::hold(*database.value(), "central");
        REQUIRE_FALSE(held);
        CHECK(held.error().fault == base::Fault::misconfigured);
        CHECK_MESSAGE(held.error().detail.find(remedy) != std::string::npos, held.error().detail);
    }
}
