// What every connection promises, whatever driver is behind it. Over real servers.
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/odbc/worlds.hpp"

using namespace odbc_test;
using namespace std::chrono_literals;
using base::Fault;
using odbc::Block;
using odbc::Server;
using odbc::TableShape;
using odbc::Time;
using odbc::Type;
using odbc::Value;

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNoDouble = 9'007'199'254'740'993;  // 2^53 + 1
constexpr Time kMoment = Time{1'764'440'706'123'456us};

/// Names that hurt, in a table of every type.
TableShape hurting_table() {
    return {.name = "a \"table\" of [many] `quotes'",
            .columns = {{"id", {.type = Type::integer}},
                        {"a \"whole\" [number]", {.type = Type::integer}, true},
                        {"number", {.type = Type::number}, true},
                        {"select", {.type = Type::text, .units_max = 40}, true},
                        {"`time", {.type = Type::time}, true}},
            .key = {"id"}};
}

std::vector<odbc::Column> columns_of(const TableShape& table) {
    std::vector<odbc::Column> columns;
    for (const auto& column : table.columns) columns.push_back(column.column);
    return columns;
}

const std::vector<std::vector<Value>>& hurting_rows() {
    static const std::vector<std::vector<Value>> kRows{
        {std::int64_t{1}, kNoDouble, 1e308, "\xf0\x9f\x8c\x8d and \xc3\xa4", kMoment},
        {std::int64_t{2}, kLeast, -1e308, "", Time{0us}},
        {std::int64_t{3}, kMost, 0.1 + 0.2, R"(it's "q" [x] `y` \n ? {z} %)", Time{-1us}},
        {std::int64_t{4}, std::int64_t{0}, 5e-324, std::string(40, 'x'), kMoment + 876'543us},
        {std::int64_t{5}, {}, {}, {}, {}},
        {std::int64_t{6}, std::int64_t{-1}, -0.0, " blanks ", kMoment}};
    return kRows;
}

/// SQLite's driver has times to a millisecond.
Value as_kept(const odbc::Connection& connection, Value value) {
    if (connection.dialect().server() != Server::sqlite) return value;
    if (auto* const time = std::get_if<Time>(&value))
        *time = std::chrono::floor<std::chrono::milliseconds>(*time);
    return value;
}

/// The column of numbers, as the driver of a server hands them over exactly.
std::string exactly(const odbc::Connection& connection, const std::string& column) {
    const auto quoted = connection.dialect().quoted(column);
    if (connection.dialect().server() != Server::sqlite) return quoted;
    return "iif(" + quoted + " IS NULL, NULL, printf('%!.17g', " + quoted + "))";
}

std::vector<std::vector<Value>> all_of(odbc::Statement& statement, Block& rows) {
    std::vector<std::vector<Value>> all;
    while (valued(statement.fetch(rows))) {
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            auto& values = all.emplace_back();
            for (std::size_t i = 0; i < rows.columns(); ++i) values.push_back(rows.value(row, i));
        }
    }
    return all;
}

/// A table of the numbers from 0 on.
void fill_numbers(EmptyDatabase& world, std::int64_t rows) {
    const TableShape table{
        .name = "numbers", .columns = {{"n", {.type = Type::integer}}}, .key = {"n"}};
    world.execute(world.connection.dialect().create(table));
    Block block{{{.type = Type::integer}}, static_cast<std::size_t>(rows)};
    for (std::int64_t n = 0; n < rows; ++n) require(block.add(std::array<Value, 1>{n}));
    odbc::Transaction transaction{world.connection};
    require(transaction.begun());
    require(valued(world.connection.prepare(world.connection.dialect().insert(table))).run(block));
    require(transaction.commit());
}

/// The server's own zone, for sessions that say nothing.
class InBerlin {
  public:
    explicit InBerlin(EmptyDatabase& world) : world_(world) {
        set("SET GLOBAL time_zone = '+01:00'", "SET timezone = 'Europe/Berlin'");
    }
    ~InBerlin() { set("SET GLOBAL time_zone = 'SYSTEM'", "RESET timezone"); }
    InBerlin(const InBerlin&) = delete;
    InBerlin& operator=(const InBerlin&) = delete;

  private:
    void set(const std::string& mysql, const std::string& postgresql) {
        const bool is_mysql = world_.connection.dialect().server() == Server::mysql;
        world_.execute(is_mysql ? mysql : "ALTER DATABASE leat " + postgresql);
    }

    EmptyDatabase& world_;
};

}  // namespace

#define EVERY_WORLD SqliteWorld, MariaDbWorld, PostgreSqlWorld

TEST_CASE_TEMPLATE("values and names that hurt come back as they were", World, EVERY_WORLD) {
    World world;
    auto& connection = world.connection;
    const auto table = hurting_table();
    world.execute(connection.dialect().create(table));
    Block block{columns_of(table), 10};
    for (const auto& row : hurting_rows()) require(block.add(row));
    require(valued(connection.prepare(connection.dialect().insert(table))).run(block));
    std::string columns;
    for (const auto& name : odbc::names_of(table)) {
        columns += columns.empty() ? "" : ", ";
        columns += name == "number" ? exactly(connection, name) : connection.dialect().quoted(name);
    }
    auto statement = valued(connection.prepare(
        "SELECT " + columns + " FROM " + connection.dialect().table(table.name) + " ORDER BY id"));
    require(statement.run());
    Block read{columns_of(table), 4};  // Fewer than there are: two blocks.
    const auto all = all_of(statement, read);
    REQUIRE(all.size() == hurting_rows().size());
    for (std::size_t row = 0; row < all.size(); ++row) {
        for (std::size_t i = 0; i < all[row].size(); ++i) {
            CAPTURE(row);
            CAPTURE(i);
            CHECK(all[row][i] == as_kept(connection, hurting_rows()[row][i]));
        }
    }
}

TEST_CASE_TEMPLATE("a single run binds values of every type", World, EVERY_WORLD) {
    World world;
    const auto table = hurting_table();
    const auto& dialect = world.connection.dialect();
    world.execute(dialect.create(table));
    auto insert = valued(world.connection.prepare(dialect.insert(table)));
    for (const auto& row : hurting_rows()) require(insert.run(row));
    auto find = valued(world.connection.prepare("SELECT id FROM " + dialect.table(table.name) +
                                                " WHERE " + dialect.quoted("select") + " = ? AND " +
                                                dialect.quoted("`time") + " = ? AND " +
                                                dialect.quoted("a \"whole\" [number]") + " = ?"));
    const auto& wanted = hurting_rows()[0];
    require(find.run({wanted[3], as_kept(world.connection, wanted[4]), wanted[1]}));
    Block rows{{{.type = Type::integer}}, 2};
    REQUIRE(valued(find.fetch(rows)));
    REQUIRE(rows.rows() == 1);
    CHECK(rows.integer(0, 0) == 1);
}

TEST_CASE_TEMPLATE("an upsert inserts what is new and changes what is there", World, EVERY_WORLD) {
    World world;
    const TableShape table{.name = "t",
                           .columns = {{"name", {.type = Type::text, .units_max = 20}},
                                       {"at", {.type = Type::integer}},
                                       {"value", {.type = Type::integer}}},
                           .key = {"name", "at"}};
    world.execute(world.connection.dialect().create(table));
    auto upsert = valued(world.connection.prepare(world.connection.dialect().upsert(table)));
    const auto write = [&](const char* name, std::int64_t at, std::int64_t from, std::int64_t to) {
        Block block{columns_of(table), 100};
        for (auto value = from; value < to; ++value) {
            require(block.add(std::array<Value, 3>{name, at + value - from, value}));
        }
        require(upsert.run(block));
    };
    write("a", 0, 0, 50);
    write("a", 25, 1'000, 1'050);
    write("A", 0, 7, 8);  // Names differ by case.
    CHECK(world.number("SELECT COUNT(*) FROM t") == 76);
    CHECK(world.number("SELECT SUM(value) FROM t WHERE name = 'a'") ==
          12 * 25 + 1'000 * 50 + 1'225);
    CHECK(world.number("SELECT value FROM t WHERE name = 'A'") == 7);
}

TEST_CASE_TEMPLATE("of a transaction that is not committed nothing is left", World, EVERY_WORLD) {
    World world;
    world.execute("CREATE TABLE t (n BIGINT)");
    auto insert = valued(world.connection.prepare("INSERT INTO t (n) VALUES (?)"));
    {
        odbc::Transaction transaction{world.connection};
        require(transaction.begun());
        require(insert.run({std::int64_t{1}}));
    }
    CHECK(world.number("SELECT COUNT(*) FROM t") == 0);
    odbc::Transaction transaction{world.connection};
    require(transaction.begun());
    require(insert.run({std::int64_t{2}}));
    require(transaction.commit());
    CHECK(world.number("SELECT n FROM t") == 2);
    auto other = opened(world.options);
    CHECK(valued(other.integer({"SELECT n FROM t", {}})) == 2);
}

TEST_CASE_TEMPLATE("one bad row of many fails them all in a transaction", World, EVERY_WORLD) {
    World world;
    const TableShape table{.name = "t", .columns = {{"n", {.type = Type::integer}}}, .key = {"n"}};
    world.execute(world.connection.dialect().create(table));
    Block block{columns_of(table), 100};
    for (std::int64_t n = 0; n < 100; ++n) {
        require(block.add(std::array<Value, 1>{n == 60 ? std::int64_t{3} : n}));
    }
    {
        odbc::Transaction transaction{world.connection};
        require(transaction.begun());
        auto insert = valued(world.connection.prepare(world.connection.dialect().insert(table)));
        const auto error = error_of(insert.run(block));
        CAPTURE(error.detail);
        CHECK(error.detail.starts_with("cannot run a statement: "));
    }
    CHECK(world.number("SELECT COUNT(*) FROM t") == 0);
}

TEST_CASE_TEMPLATE("a time with a zone is the same at a server that lives in another zone", World,
                   MariaDbWorld, PostgreSqlWorld) {
    World world;
    const InBerlin in_berlin{world};
    auto connection = opened(world.options);
    const bool is_mysql = connection.dialect().server() == Server::mysql;
    require(connection.execute(is_mysql ? "CREATE TABLE t (at TIMESTAMP)"
                                        : "CREATE TABLE t (at TIMESTAMP WITH TIME ZONE)"));
    require(connection.execute(is_mysql ? "INSERT INTO t VALUES (FROM_UNIXTIME(1763640000))"
                                        : "INSERT INTO t VALUES (TO_TIMESTAMP(1763640000))"));
    CHECK(valued(connection.time({"SELECT at FROM t", {}})) == Time{1'763'640'000s});
}

TEST_CASE_TEMPLATE("many rows are read in blocks, each once, and again", World, EVERY_WORLD) {
    World world;
    fill_numbers(world, 2'500);
    auto statement =
        valued(world.connection.prepare("SELECT n FROM numbers WHERE n >= ? ORDER BY n"));
    Block rows{{{.type = Type::integer}}, 1'000};
    for (const std::int64_t from : {0, 1'200}) {
        require(statement.run({from}));
        auto expected = from;
        while (valued(statement.fetch(rows))) {
            for (std::size_t i = 0; i < rows.rows(); ++i) CHECK(rows.integer(i, 0) == expected++);
        }
        CHECK(expected == 2'500);
    }
}

TEST_CASE_TEMPLATE("a text longer than its column is refused, never cut", World, EVERY_WORLD) {
    World world;
    world.execute("CREATE TABLE t (a VARCHAR(100))");
    world.execute("INSERT INTO t VALUES ('0123456789')");
    auto statement = valued(world.connection.prepare("SELECT a FROM t"));
    require(statement.run());
    Block narrow{{{.type = Type::text, .units_max = 9}}, 5};
    const auto fetched = statement.fetch(narrow);
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().fault == Fault::exhausted);
    CHECK(fetched.error().detail == "a text of column 1 is longer than 9 characters");
    require(statement.run());
    Block wide{{{.type = Type::text, .units_max = 10}}, 5};
    REQUIRE(valued(statement.fetch(wide)));
    CHECK(wide.text(0, 0) == "0123456789");
}

TEST_CASE_TEMPLATE("long texts come whole", World, EVERY_WORLD) {
    World world;
    const TableShape table{.name = "t",
                           .columns = {{"id", {.type = Type::integer}},
                                       {"words", {.type = Type::text, .units_max = 10'000}}},
                           .key = {"id"}};
    world.execute(world.connection.dialect().create(table));
    std::string words;
    for (int i = 0; i < 2'000; ++i) words += "\xe2\x82\xac\xf0\x9f\x8c\x8d,";
    auto insert = valued(world.connection.prepare(world.connection.dialect().insert(table)));
    require(insert.run({std::int64_t{1}, words}));
    auto select = valued(world.connection.prepare("SELECT words FROM t"));
    require(select.run());
    Block rows{{{.type = Type::text, .units_max = 10'000}}, 2};
    REQUIRE(valued(select.fetch(rows)));
    CHECK(rows.text(0, 0) == words);
}

TEST_CASE_TEMPLATE("tables are found by their names, and what a query yields is told", World,
                   EVERY_WORLD) {
    World world;
    const auto table = hurting_table();
    CHECK_FALSE(valued(world.connection.has_table(table.name)));
    world.execute(world.connection.dialect().create(table));
    CHECK(valued(world.connection.has_table(table.name)));
    CHECK(valued(world.connection.tables()) == std::vector{table.name});
    auto statement = valued(world.connection.prepare(
        "SELECT * FROM " + world.connection.dialect().table(table.name) + " WHERE 1 = 0"));
    require(statement.run());
    const auto columns = valued(statement.columns());
    REQUIRE(columns.size() == table.columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        CHECK(columns[i].name == table.columns[i].name);
        CHECK(columns[i].type == table.columns[i].column.type);
    }
    Block rows{columns_of(table), 1};
    if (world.connection.dialect().server() != Server::sqlite) {
        CHECK_FALSE(valued(statement.fetch(rows)));
    }
}

TEST_CASE_TEMPLATE("only as many rows as wanted are selected", World, EVERY_WORLD) {
    World world;
    fill_numbers(world, 30);
    auto statement = valued(world.connection.prepare(
        world.connection.dialect().select_first("n", "FROM numbers ORDER BY n DESC", 4)));
    require(statement.run());
    Block rows{{{.type = Type::integer}}, 100};
    REQUIRE(valued(statement.fetch(rows)));
    REQUIRE(rows.rows() == 4);
    CHECK(rows.integer(3, 0) == 26);
}

TEST_CASE_TEMPLATE("what is wrong with a statement is told with the server's state", World,
                   EVERY_WORLD) {
    World world;
    const auto error = error_of(world.connection.execute("SELECT * FROM nowhere"));
    CAPTURE(error.detail);
    CHECK(error.detail.find("nowhere") != std::string::npos);
    CHECK(error.detail.find("; ") != std::string::npos);
    if (world.connection.dialect().server() != Server::sqlite) {
        CHECK(error.fault == Fault::misconfigured);
        CHECK(error.detail.find("make the table, or name another one") != std::string::npos);
    }
    // The connection is good for the next one.
    world.execute("CREATE TABLE t (n BIGINT)");
    CHECK(world.number("SELECT COUNT(*) FROM t") == 0);
}

TEST_CASE_TEMPLATE("text that is not UTF-8, or too long, is not even sent", World, SqliteWorld) {
    World world;
    Block block{{{.type = Type::text, .units_max = 3}}, 2};
    CHECK(error_of(block.add(std::array<Value, 1>{"\xff"})).detail == "a text is not UTF-8");
    CHECK(error_of(block.add(std::array<Value, 1>{"\xf0\x9f\x8c\x8d\xf0\x9f\x8c\x8d"})).detail ==
          "a text has more than the 3 characters of its column");
    CHECK(block.rows() == 0);
    world.execute("CREATE TABLE t (a VARCHAR(9))");
    auto insert = valued(world.connection.prepare("INSERT INTO t (a) VALUES (?)"));
    CHECK(error_of(insert.run({"\xff"})).fault == Fault::malformed);
}

TEST_CASE("SQLite's driver is not trusted with doubles that it would round") {
    SqliteWorld world;
    world.execute("CREATE TABLE t (v DOUBLE)");
    require(valued(world.connection.prepare("INSERT INTO t (v) VALUES (?)")).run({0.1 + 0.2}));
    auto statement = valued(world.connection.prepare("SELECT v FROM t"));
    require(statement.run());
    Block rows{{{.type = Type::number}}, 2};
    const auto fetched = statement.fetch(rows);
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().detail ==
          "the driver of SQLite rounds the numbers of column v to 15 digits; select them as "
          "iif(v IS NULL, NULL, printf('%!.17g', v))");
}
