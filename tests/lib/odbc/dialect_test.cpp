// SQL Server's statements are compared as text: no server was at hand. The others run in
// contract_test.cpp, too.
#include "odbc/dialect.hpp"

#include <doctest/doctest.h>

using odbc::Dialect;
using odbc::Server;
using odbc::Type;

namespace {

const odbc::TableShape kTable{.name = "plant.read]ings",
                              .columns = {{"series", {.type = Type::text, .units_max = 200}},
                                          {"at", {.type = Type::time}},
                                          {"mean", {.type = Type::number}},
                                          {"count", {.type = Type::integer}, true}},
                              .key = {"series", "at"}};

}  // namespace

TEST_CASE("the dialect follows from what the driver says it is connected to") {
    for (const auto& [name, server] : {std::pair{"MariaDB", Server::mysql},
                                       {"MySQL", Server::mysql},
                                       {"PostgreSQL", Server::postgresql},
                                       {"Microsoft SQL Server", Server::sql_server},
                                       {"SQLite", Server::sqlite}}) {
        const auto found = Dialect::find(name);
        REQUIRE(found);
        CHECK(found.value()->server() == server);
    }
    const auto unknown = Dialect::find("Oracle");
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().detail.find("\"Oracle\"") != std::string::npos);
}

TEST_CASE("SQL Server gets its own words") {
    const Dialect dialect{Server::sql_server};
    CHECK(dialect.create(kTable) ==
          "CREATE TABLE [plant].[read]]ings] ([series] NVARCHAR(200) COLLATE "
          "Latin1_General_100_BIN2 NOT NULL, [at] DATETIME2(6) NOT NULL, [mean] FLOAT(53) NOT NULL,"
          " [count] BIGINT, PRIMARY KEY ([series], [at]))");
    CHECK(dialect.upsert(kTable) ==
          "MERGE INTO [plant].[read]]ings] WITH (HOLDLOCK) AS target USING (VALUES (?, ?, ?, ?)) "
          "AS source ([series], [at], [mean], [count]) ON target.[series] = source.[series] AND "
          "target.[at] = source.[at] WHEN MATCHED THEN UPDATE SET [mean] = source.[mean], [count] ="
          " source.[count] WHEN NOT MATCHED THEN INSERT ([series], [at], [mean], [count]) VALUES "
          "(source.[series], source.[at], source.[mean], source.[count]);");
    CHECK(dialect.insert(kTable) ==
          "INSERT INTO [plant].[read]]ings] ([series], [at], [mean], [count]) VALUES (?, ?, ?, ?)");
    CHECK(dialect.select_first("a, b", "FROM t ORDER BY a", 5) ==
          "SELECT TOP 5 a, b FROM t ORDER BY a");
    CHECK(dialect.exact("[tag]") == "CONCAT([tag], N'|') COLLATE Latin1_General_100_BIN2");
    CHECK(dialect.type_of({.type = Type::text, .units_max = 5'000}) == "NVARCHAR(MAX)");
    CHECK(dialect.count_tables("t").sql ==
          "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = ? AND table_schema = "
          "SCHEMA_NAME()");
    CHECK(dialect.count_tables("plant.t").values.size() == 2);
    CHECK(dialect.list_tables().find("SCHEMA_NAME()") != std::string::npos);
}

TEST_CASE("the others get theirs") {
    CHECK(
        Dialect{Server::mysql}.upsert(kTable) ==
        "INSERT INTO `plant`.`read]ings` (`series`, `at`, `mean`, `count`) VALUES (?, ?, ?, ?) ON "
        "DUPLICATE KEY UPDATE `mean` = VALUES(`mean`), `count` = VALUES(`count`)");
    CHECK(
        Dialect{Server::postgresql}.upsert(kTable) ==
        "INSERT INTO \"plant\".\"read]ings\" (\"series\", \"at\", \"mean\", \"count\") VALUES (?, "
        "?, ?, ?) ON CONFLICT (\"series\", \"at\") DO UPDATE SET \"mean\" = excluded.\"mean\", "
        "\"count\" = excluded.\"count\"");
    CHECK(Dialect{Server::sqlite}.quoted("a\"b`c[d]") == "\"a\"\"b`c[d]\"");
    CHECK(Dialect{Server::mysql}.quoted("a\"b`c[d]") == "`a\"b``c[d]`");
    CHECK(Dialect{Server::sql_server}.quoted("a\"b`c[d]") == "[a\"b`c[d]]]");
}
