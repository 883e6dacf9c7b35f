// Goal: export-sql by the real program brings every reading once, whoever is killed in the middle:
// the program, or the server. Method: SIGKILL while rows are seen to arrive, then run it again.
#include <csignal>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "central/shell/filled_database.hpp"
#include "lib/odbc/worlds.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

using namespace shell_test;
using odbc_test::valued;

namespace {

constexpr int kRecords = 60;
constexpr int kReadings = kRecords * 500;
constexpr int kBatch = 50;

void fill_much(const std::string& path) {
    Database database{path};
    database.declare("attic", "climate.temperature", "temperature", "Cel");
    for (int record = 0; record < kRecords; ++record) {
        std::string offsets;
        std::string values;
        for (int i = 0; i < 500; ++i) {
            offsets += (i > 0 ? "," : "") + std::to_string(2 * i);
            values += fmt::format("{}{}.{}", i > 0 ? "," : "", i % 50, record);
        }
        const auto at = kNoon + record * 1s;
        database.add("attic",
                     fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":)"
                                 R"({{"climate.temperature":{{"dt":[{}],"v":[{}]}}}}}})",
                                 base::to_milliseconds(at), offsets, values),
                     at + 2s);
    }
    database.commit();
}

std::string content(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

template <class Server>
struct ProgramWorld {
    ProgramWorld() {
        fill_much(path);
        folder.write("central.toml",
                     fmt::format("[sink]\npath = \"{}\"\n[readings]\nkeep = \"forever\"\n"
                                 "[job.plant]\nkind = \"export-sql\"\nrows = \"readings\"\n"
                                 "connection = \"{}\"\nuser = \"{}\"\ncreate = true\nbatch = {}\n",
                                 path, other.options.connection, other.options.user, kBatch));
    }
    support::Process start(const std::string& words) {
        const auto command =
            fmt::format("exec {} {} --config {} >{} 2>{}", places::program("leat-central"), words,
                        folder.file("central.toml"), folder.file("out"), folder.file("error"));
        return support::Process::start({.argv = {"sh", "-c", command},
                                        .environment = {},
                                        .log_file = folder.file("log"),
                                        .folder = {}});
    }
    std::string run(const std::string& words, int wanted = 0) {
        auto program = start(words);
        const auto code = program.wait(60s);
        const auto error = content(folder.file("error"));
        CAPTURE(error);
        CHECK(code == wanted);
        return content(folder.file(wanted == 0 ? "out" : "error"));
    }
    /// Starts the job, and waits until it is in the middle.
    support::Process start_to_the_middle() {
        auto program = start("job run plant");
        const auto is_under_way = [&] {
            const auto rows = watcher.integer({"SELECT COUNT(*) FROM leat_readings", {}});
            return rows && rows.value().value_or(0) >= 10 * kBatch;
        };
        REQUIRE(support::eventually(is_under_way, 30s, 1ms));
        return program;
    }
    std::int64_t number(const std::string& sql) {
        auto connection = odbc_test::opened(other.options);
        return valued(connection.integer({sql, {}})).value_or(-1);
    }
    void check_all_there() {
        CHECK(number("SELECT COUNT(*) FROM leat_readings") == kReadings);
        CHECK(number("SELECT COUNT(DISTINCT mark) FROM leat_readings") == kReadings);
        auto connection = odbc_test::opened(other.options);
        auto rows = valued(connection.prepare("SELECT " + quoted("time") + ", " + quoted("value") +
                                              " FROM leat_readings ORDER BY 1"));
        odbc_test::require(rows.run());
        odbc::Block block{{{odbc::Type::time}, {odbc::Type::number}}, 1'000};
        int at = 0;
        while (valued(rows.fetch(block))) {
            for (std::size_t i = 0; i < block.rows(); ++i, ++at) {
                const auto time = kNoon + (at / 500) * 1s + (at % 500) * 2ms;
                const bool is_same =
                    block.time(i, 0) == odbc::Time{time} &&
                    block.number(i, 1) == std::stod(fmt::format("{}.{}", at % 500 % 50, at / 500));
                if (!is_same) FAIL_CHECK("reading " << at << " is another one");
            }
        }
    }
    std::string quoted(const std::string& name) { return other.connection.dialect().quoted(name); }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    Server other;
    odbc::Connection watcher = odbc_test::opened(other.options);
};

support::Server& server_of(const odbc_test::MariaDbWorld& /*unused*/) {
    return odbc_test::maria_db();
}
support::Server& server_of(const odbc_test::PostgreSqlWorld& /*unused*/) {
    return odbc_test::postgre_sql();
}

}  // namespace

TEST_CASE_TEMPLATE("a run that is killed goes on where it was, and writes nothing twice", Server,
                   odbc_test::MariaDbWorld, odbc_test::PostgreSqlWorld) {
    ProgramWorld<Server> world;
    auto program = world.start_to_the_middle();
    program.kill(SIGKILL);
    REQUIRE(program.wait(10s) == 128 + SIGKILL);
    std::int64_t there = -1;
    const auto is_at_rest = [&] {  // The server may still be at the last batch.
        const auto rows = world.number("SELECT COUNT(*) FROM leat_readings");
        return std::exchange(there, rows) == rows;
    };
    REQUIRE(support::eventually(is_at_rest, 10s, 200ms));
    REQUIRE(there < kReadings);
    CHECK(there % kBatch == 0);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'running'") == 1);
    const auto json = base::parse_json(world.run("job run plant --json"));
    REQUIRE(json);
    const auto& run = json.value().find("items")->array.at(0);
    CHECK(run.find("records")->number == static_cast<double>(kReadings - there));
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'interrupted'") == 1);
    CHECK(world.number("SELECT records FROM etl_log WHERE status = 'ok' AND job = 'plant'") ==
          kReadings - there);
    world.check_all_there();
}

TEST_CASE_TEMPLATE("a server that dies in the middle fails the run, and the next one is whole",
                   Server, odbc_test::MariaDbWorld, odbc_test::PostgreSqlWorld) {
    ProgramWorld<Server> world;
    auto program = world.start_to_the_middle();
    server_of(world.other).kill_hard();
    REQUIRE(program.wait(60s) == 1);
    const auto error = content(world.folder.file("error"));
    CAPTURE(error);
    CHECK(error.starts_with("plant failed: cannot "));
    server_of(world.other).restart();
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings") < kReadings);
    world.run("job run plant");
    world.check_all_there();
}

TEST_CASE("what was said with --set is told to the other database as no whole run") {
    ProgramWorld<odbc_test::MariaDbWorld> world;
    world.run("job run plant --set batch=1000");
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'ok'") == 1);
    CHECK(world.number("SELECT is_whole FROM etl_log") == 0);
    world.check_all_there();
}

TEST_CASE("a dry run of the program tells clearly what does not work") {
    ProgramWorld<odbc_test::MariaDbWorld> world;
    const auto dry = world.run("job run plant --dry-run");
    CHECK(dry.find("plant would read single readings of 1 series of " + world.path) == 0);
    CHECK(dry.find(std::to_string(kReadings) + " rows into leat_readings at MariaDB") !=
          std::string::npos);
    const auto wrong = world.run("job run plant --dry-run --set user=nobody", 1);
    CHECK(wrong.find("plant failed: cannot connect: Access denied for user 'nobody'") == 0);
    CHECK(wrong.find("check user, password_file and database") != std::string::npos);
    const auto none = world.run("job run plant --dry-run --set 'connection=DSN=none'", 1);
    CHECK(none.find("odbcinst -q -d") != std::string::npos);
    const auto secret = world.run("job run plant --set 'connection=DSN=x;PWD=secret'", 2);
    CHECK(secret.find("password_file") != std::string::npos);
    CHECK(secret.find("secret") == std::string::npos);
}
