// Goal: a server that is away, or that hangs, is noticed in time, and every connection hears of it.
#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "databases/postgres_server.hpp"
#include "postgres/database.hpp"
#include "sql/transaction.hpp"
#include "support/eventually.hpp"
#include "support/free_port.hpp"

using namespace std::chrono_literals;

namespace {

postgres::Options impatient(const std::string& place) {
    return {.place = place, .connect_within = 500ms, .answer_within = 500ms};
}

/// On a busy machine that may take longer than the impatient wait.
bool answers_again(const support::PostgresServer& server) {
    return support::eventually([&] { return bool{postgres::open(impatient(server.uri()))}; });
}

}  // namespace

TEST_CASE("nobody at the address is transient, and not asked again at once") {
    const auto port = std::to_string(support::free_port());
    const auto options = impatient("postgresql://leat@127.0.0.1:" + port + "/leat");
    const auto refused = postgres::open(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::transient);
    CHECK(refused.error().detail.find("postgresql://leat@127.0.0.1:" + port) == 0);
    CHECK_FALSE(options.outage->status(base::SystemClock{}.instant()));
    CHECK(postgres::open(options).error().detail == refused.error().detail);
}

TEST_CASE("a place that libpq cannot read is misconfigured") {
    const auto refused = postgres::open({.place = "postgresql://leat@db/leat?colour=blue"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
}

TEST_CASE("a server that hangs costs one wait, and all connections know") {
    support::PostgresServer server;
    const auto options = impatient(server.uri());
    const auto first = postgres::open(options).value()->path();
    auto one = postgres::open(options);
    auto other = postgres::open(options);
    REQUIRE(one);
    REQUIRE(other);
    server.hang();
    const base::SystemClock clock;
    const auto begin = clock.instant();
    const auto answer = one.value()->number("SELECT 1");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().detail.find("has not answered") != std::string::npos);
    CHECK(one.value()->is_lost());
    CHECK(other.value()->is_lost());
    CHECK_FALSE(other.value()->number("SELECT 1"));
    CHECK_FALSE(postgres::open(options));
    CHECK(clock.instant() - begin < 5s);
    server.go_on();
    CHECK_FALSE(postgres::open(options));  // Not before the pause is over.
    CHECK(answers_again(server));
}

TEST_CASE("a server that dies is lost, and found again after its restart") {
    support::PostgresServer server;
    auto database = postgres::open(impatient(server.uri()));
    REQUIRE(database);
    sql::Transaction transaction{*database.value()};
    server.crash();
    CHECK_FALSE(transaction.commit());
    CHECK(database.value()->is_lost());
    server.restart();
    CHECK(answers_again(server));
}
