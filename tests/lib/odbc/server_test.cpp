// What only a server can do: ask for a password, be slow, and go away.
#include <chrono>
#include <filesystem>

#include "lib/odbc/worlds.hpp"
#include "support/eventually.hpp"

using namespace odbc_test;
using namespace std::chrono_literals;
using base::Fault;

namespace {

constexpr const char* kPassword = "s3cret;}with=every{thing";

base::Error refused(const odbc::Options& options) {
    const auto connection = odbc::Connection::open(options);
    REQUIRE_FALSE(connection);
    return connection.error();
}

bool has(const base::Error& error, const std::string& wanted) {
    CAPTURE(error.detail);
    return error.detail.find(wanted) != std::string::npos;
}

/// A user who needs a password.
void make_guarded(MariaDbWorld& world) {
    world.execute("CREATE OR REPLACE USER 'guarded'@'127.0.0.1' IDENTIFIED BY '" +
                  std::string{kPassword} + "'");
    world.execute("GRANT ALL ON leat.* TO 'guarded'@'127.0.0.1'");
}
void make_guarded(PostgreSqlWorld& world) {
    if (world.number("SELECT COUNT(*) FROM pg_roles WHERE rolname = 'guarded'") == 0) {
        world.execute("CREATE ROLE guarded LOGIN");
    }
    world.execute("ALTER ROLE guarded PASSWORD '" + std::string{kPassword} + "'");
}

databases::DatabaseServer& server_of(const MariaDbWorld& /*unused*/) {
    return maria_db();
}
databases::DatabaseServer& server_of(const PostgreSqlWorld& /*unused*/) {
    return postgre_sql();
}

std::string slow(const MariaDbWorld& /*unused*/) {
    return "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, "
           "information_schema.columns c";
}
std::string slow(const PostgreSqlWorld& /*unused*/) {
    return "SELECT pg_sleep(20)";
}

}  // namespace

TEST_CASE_TEMPLATE("a password is read from its file, and never told", World, MariaDbWorld,
                   PostgreSqlWorld) {
    World world;
    make_guarded(world);
    const support::TemporaryFolder folder;
    auto options = world.options;
    options.user = "guarded";
    options.password_file = folder.write("right", std::string{kPassword} + "\n");
    CHECK(opened(options).server().find(world.connection.server()) == 0);
    options.password_file = folder.write("wrong", "another;}secret\n");
    const auto error = refused(options);
    CHECK(error.fault == Fault::misconfigured);
    CHECK(has(error, "guarded"));
    CHECK(has(error, "check user, password_file and database"));
    CHECK_FALSE(has(error, "another"));
    options.password_file = folder.file("none");
    CHECK(has(refused(options), folder.file("none")));
}

TEST_CASE("without its driver it says which package to install") {
    const auto error = refused(
        {.connection = "Driver=/nowhere/libmaodbc.so;Server=db", .user = {}, .password_file = {}});
    CHECK(error.fault == Fault::misconfigured);
    CHECK(has(error, "odbc-mariadb"));
    CHECK(refused({.connection = "DSN=there is none", .user = {}, .password_file = {}}).fault ==
          Fault::misconfigured);
}

TEST_CASE_TEMPLATE("a statement that takes too long is given up", World, MariaDbWorld,
                   PostgreSqlWorld) {
    World world;
    auto options = world.options;
    options.statement_timeout = 1s;
    auto hasty = opened(options);
    const auto error = error_of(hasty.execute(slow(world)));
    CAPTURE(error.detail);
    CHECK(error.fault == Fault::transient);
    auto patient = opened(world.options);
    CHECK(valued(patient.integer({"SELECT 7", {}})) == 7);
}

TEST_CASE("a MariaDB that hangs is given up, whatever its driver is called here") {
    const MariaDbWorld world;
    const support::TemporaryFolder folder;
    std::filesystem::create_symlink(databases::driver_path("libmaodbc.so"),
                                    folder.file("plant.so"));
    auto options = world.options;
    options.statement_timeout = 1s;
    const auto driver = options.connection.find(';');
    options.connection.replace(0, driver, "Driver=" + folder.file("plant.so"));
    auto connection = opened(options);
    require(connection.execute("SET SESSION max_statement_time = 0"));  // As if it hung.
    const auto error = error_of(connection.execute("SELECT SLEEP(20)"));
    CAPTURE(error.detail);
    CHECK(error.fault == Fault::transient);
    CHECK(has(error, "look whether the server runs and can be reached"));
}

TEST_CASE_TEMPLATE("a server that goes away is a transient error, and a new connection finds it",
                   World, MariaDbWorld, PostgreSqlWorld) {
    World world;
    world.execute("CREATE TABLE kept (n BIGINT)");
    world.execute("INSERT INTO kept VALUES (3)");
    auto select = valued(world.connection.prepare("SELECT n FROM kept"));
    auto& server = server_of(world);
    server.kill_hard();
    // A session of PostgreSQL's notices a moment later that its server was killed.
    auto asked = select.run();
    support::eventually([&] { return !asked || !(asked = select.run()); });
    const auto error = error_of(asked);
    CAPTURE(error.detail);
    CHECK(error.fault == Fault::transient);
    const auto away = refused(world.options);
    CHECK(away.fault == Fault::transient);
    CHECK(has(away, "look whether the server runs and can be reached"));
    server.restart();
    auto again = opened(world.options);
    CHECK(valued(again.integer({"SELECT n FROM kept", {}})) == 3);
}
