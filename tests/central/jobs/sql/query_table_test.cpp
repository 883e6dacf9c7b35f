// Goal: what a query yields is read whole, or refused before it takes more memory than it may.
#include "central/jobs/sql/query_table.hpp"

#include "lib/odbc/worlds.hpp"

using jobs::query_table;

namespace {

base::Error refused(odbc::Connection& connection, const std::string& query,
                    const jobs::TableLimits& limits) {
    const auto table = query_table(connection, query, limits);
    REQUIRE_FALSE(table);
    return table.error();
}

}  // namespace

TEST_CASE_TEMPLATE("a query yields as many rows and bytes as it may, and no more", World,
                   odbc_test::MariaDbWorld, odbc_test::PostgreSqlWorld) {
    World world;
    world.execute("CREATE TABLE t (a VARCHAR(20))");
    world.execute("INSERT INTO t VALUES ('one'), ('two'), ('three')");
    const std::string wanted = "\"a\"\n\"one\"\n\"three\"\n\"two\"\n";
    for (const auto* query : {"SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a LIMIT 3"}) {
        CAPTURE(query);
        CHECK(odbc_test::valued(query_table(world.connection, query, {3, wanted.size()})) ==
              wanted);
        const auto rows = refused(world.connection, query, {2, wanted.size()});
        CHECK(rows.fault == base::Fault::exhausted);
        CHECK(rows.detail == "query: it yields more than 2 rows");
        const auto bytes = refused(world.connection, query, {3, wanted.size() - 1});
        CHECK(bytes.fault == base::Fault::exhausted);
        CHECK(bytes.detail.ends_with(std::to_string(wanted.size() - 1) + " bytes"));
    }
}
