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
