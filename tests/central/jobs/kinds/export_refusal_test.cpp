// Goal: what does not go into the other table is counted with its reason, and a table that would
// not hold what it gets is refused.
#include "central/jobs/kinds/sql_world.hpp"

using namespace jobs_test;

TEST_CASE_TEMPLATE("rows that may not go are counted by reason, and the others go", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    world.database->read("attic", kSeries, kMidnight + 1h + 1min, 40);
    world.database->fail("attic", kSeries, kMidnight + 5h, "checksum");
    world.database->commit();
    const auto work = world.bring("create = true\ntime = 'text'\nranges = ['*=0..30']\n");
    CHECK(work.records == 2);
    CHECK(work.wrote.find("refused: 1 no_readings, 1 out_of_range") != std::string::npos);
    CHECK(world.number("SELECT refused FROM etl_log") == 2);
    CHECK(world.text("SELECT reasons FROM etl_log") == "1 no_readings, 1 out_of_range");
    CHECK(world.text("SELECT MAX(start) FROM leat_windows") == "2025-11-20T02:00:00.000Z");
}

TEST_CASE_TEMPLATE("without create it says which table is missing, and how to make it", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    const auto log = world.failure("export-sql", world.keys(""));
    CAPTURE(log.detail);
    CHECK(log.fault == base::Fault::misconfigured);
    CHECK(log.detail.find("there is no table etl_log") != std::string::npos);
    const auto create_log = log.detail.substr(log.detail.find("CREATE TABLE"));
    world.other.execute(create_log);
    const auto rows = world.failure("export-sql", world.keys(""));
    CAPTURE(rows.detail);
    world.other.execute(rows.detail.substr(rows.detail.find("CREATE TABLE")));
    CHECK(world.work("export-sql", world.keys("")).records == 3);
    world.other.execute("ALTER TABLE leat_windows DROP COLUMN quality");
    const auto other = world.failure("export-sql", world.keys());
    CAPTURE(other.detail);
    CHECK(other.detail.find("it has no column \"quality\"") != std::string::npos);
}

TEST_CASE_TEMPLATE("a table that would change what is written into it is refused", World, BOTH) {
    World world;
    const bool is_mysql = world.other.connection.dialect().server() == odbc::Server::mysql;
    struct Row {
        const char* column;
        const char* mysql;
        const char* postgresql;
        const char* wanted;
    };
    const std::vector<Row> rows{
        {"start", "DATETIME", "TIMESTAMP(0)", "a time, to the millisecond at least"},
        {"start", "DATETIME(2)", "TIMESTAMP(2)", "to the millisecond at least"},
        {"mark", "INT", "INT", "a whole number of 64 bits"},
        {"mean", "FLOAT", "REAL", "a double"},
        {"mean", "DECIMAL(20,4)", "DECIMAL(20,4)", "a double"},
        {"state", "BIGINT", "BIGINT USING 0", "text"}};
    for (const auto& row : rows) {
        world.bring();  // Makes it.
        world.other.execute(std::string{"ALTER TABLE leat_windows "} +
                            (is_mysql ? "MODIFY " : "ALTER COLUMN ") + row.column +
                            (is_mysql ? " " : " TYPE ") + (is_mysql ? row.mysql : row.postgresql));
        const auto refused = world.failure("export-sql", world.keys());
        CAPTURE(refused.detail);
        CHECK(refused.detail.find("its column \"" + std::string{row.column} + "\" must be ") !=
              std::string::npos);
        CHECK(refused.detail.find(row.wanted) != std::string::npos);
        world.other.execute("DROP TABLE leat_windows");
    }
}

TEST_CASE("MariaDB's table without the key is refused, as every row would be there twice") {
    SqlWorld<odbc_test::MariaDbWorld> world;
    world.fill(kMidnight, kMidnight + 3h);
    world.bring();
    world.other.execute("ALTER TABLE leat_windows DROP PRIMARY KEY");
    const auto refused = world.failure("export-sql", world.keys());
    CAPTURE(refused.detail);
    CHECK(refused.detail.find("no unique key of exactly `series`, `window_ms`, `start`") !=
          std::string::npos);
}

TEST_CASE_TEMPLATE("rows that may no longer go do not hide that others are there", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.fill(kMidnight + 1h, kMidnight + 19h);
    world.fill(kMidnight + 19h, kMidnight + 20h);
    CHECK(world.bring().records == 20);
    world.now += 1min;
    // The first hour of each filling.
    const auto again = world.bring("create = true\nranges = ['*=20..20.5']\n");
    CHECK(again.records == 0);
    CHECK(again.wrote.find("3 were there already; refused: 17 out_of_range") != std::string::npos);
}

TEST_CASE_TEMPLATE("a row that the server refuses is told, keeps none back, and is tried again",
                   World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    const std::string keys = "create = true\nlook_back = '1h'\n";
    world.bring(keys, {.limit = 1});
    const auto max = world.quoted("max");
    world.other.execute("ALTER TABLE leat_windows ADD CONSTRAINT odd CHECK (" + max + " < 25 OR " +
                        max + " > 25.7)");
    for (int round = 0; round < 2; ++round) {
        world.now += 1min;
        const auto work = world.bring(keys);
        CHECK(work.records == (round == 0 ? 18 : 0));
        CAPTURE(work.wrote);
        CHECK(work.wrote.find("; refused: 1 refused_there; the server refused attic/" +
                              std::string{kSeries} + " at 2025-11-20T08:00:00.000Z: cannot run") !=
              std::string::npos);
    }
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'ok' AND is_whole = 0 AND "
                       "refused = 1 AND error IS NOT NULL") == 2);
    world.other.execute("ALTER TABLE leat_windows DROP CONSTRAINT odd");
    world.now += 1min;
    CHECK(world.bring(keys).records == 1);
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("a server that refuses very many rows fails the run", World, BOTH) {
    World world;
    world.fill(kMidnight - 100h, kMidnight + 20h);
    world.bring("create = true\n", {.limit = 1});
    world.other.execute("ALTER TABLE leat_windows ADD CHECK (" + world.quoted("max") + " < 21)");
    const auto refused = world.failure("export-sql", world.keys());
    CAPTURE(refused.detail);
    CHECK(refused.fault == base::Fault::malformed);
    CHECK(refused.detail.starts_with("the server refuses more than 100 rows, first attic/"));
}

TEST_CASE_TEMPLATE("a row there that is no longer true, and may not be changed, is counted", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    const std::string keys = "create = true\nranges = ['*=0..30']\n";
    CHECK(world.bring(keys).records == 3);
    world.database->read("attic", kSeries, kMidnight + 1h + 1min, 40);
    world.database->commit();
    world.now += 1min;
    const auto work = world.bring(keys);
    CAPTURE(work.wrote);
    CHECK(work.wrote.ends_with(
        "refused: 1 out_of_range; 1 rows there are of before, and no longer true"));
    CHECK(world.number("SELECT MAX(outdated) FROM etl_log") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows WHERE " + world.quoted("max") +
                       " = 40") == 0);
}

TEST_CASE_TEMPLATE("a server that is away fails the run with what to do", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    auto options = world.other.options;
    const auto port = options.connection.find("Port=");
    options.connection.replace(port, options.connection.find(';', port) - port, "Port=1");
    const auto away = world.failure(
        "export-sql", "connection = '" + options.connection + "'\nuser = 'leat'\ncreate = true\n");
    CAPTURE(away.detail);
    CHECK(away.fault == base::Fault::transient);
    CHECK(away.detail.starts_with("cannot connect: "));
    CHECK(away.detail.find("look whether the server runs and can be reached") != std::string::npos);
}
