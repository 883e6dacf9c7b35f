// Goal: the other table has what the API says, whatever comes late, dies or is refused. Method: the
// job over a database that the engine fills, into real servers.
#include "central/jobs/kinds/sql_world.hpp"

using namespace jobs_test;

TEST_CASE_TEMPLATE("windows there are those of the API, and a second run writes nothing", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.database->fail("attic", kSeries, kMidnight + 30h, "checksum");
    world.database->commit();
    const auto first = world.bring();
    CHECK(first.records == 20);
    CHECK(first.read == "windows of 1h of 1 series of " + world.path);
    CHECK(first.wrote.starts_with("20 rows into leat_windows at "));
    world.check_windows("attic");
    world.now += 1min;
    const auto second = world.bring();
    CHECK(second.records == 0);
    CHECK(second.wrote.find("20 were there already") != std::string::npos);
    for (const auto* records : {"20", "0"}) {
        CAPTURE(records);
        CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE job = 'plant' AND target = "
                           "'leat_windows' AND status = 'ok' AND is_whole = 1 AND records = " +
                           std::string{records}) == 1);
    }
    CHECK(world.number("SELECT COUNT(*) FROM etl_log") == 2);
}

TEST_CASE("SQLite gets every window once, too, and what came late") {
    SqlWorld<odbc_test::SqliteWorld> world;
    world.fill(kMidnight, kMidnight + 20h);
    CHECK(world.bring().records == 20);
    world.now += 1min;
    CHECK(world.bring().records == 0);
    world.database->read("attic", kSeries, kMidnight + 5h + 1min, 99);
    world.database->commit();
    world.now += 1min;
    CHECK(world.bring().records >= 1);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 20);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows WHERE \"max\" = 99 AND start = "
                       "'2025-11-20 05:00:00.000'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'ok'") == 3);
}

TEST_CASE_TEMPLATE("what came late changes its row, and no other", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.bring();
    world.database->read("attic", kSeries, kMidnight + 5h + 1min, 99);
    world.database->commit();
    world.now += 24h;
    const auto work = world.bring();
    CHECK(work.records >= 1);
    CHECK(work.records <= 3);  // Its neighbours may be judged otherwise.
    world.check_windows("attic");
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows WHERE " + world.quoted("max") +
                       " = 99") == 1);
}

TEST_CASE_TEMPLATE("days that were missed are caught up, as far back as a series was away", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 4h);
    world.fill(kMidnight, kMidnight + 4h, "cellar");
    const std::string keys = "create = true\nlook_back = '2h'\n";
    CHECK(world.bring(keys).records == 8);
    world.fill(kMidnight + 4h, kMidnight + 100h);
    world.now = kMidnight + 100h;
    CHECK(world.bring(keys).records >= 96);
    world.now += 1h;
    CHECK(world.bring(keys).records <= 1);
    // The cellar was away for four days, and sends everything now, and what is of before.
    world.database->read("cellar", kSeries, kMidnight + 2h + 1min, 99);
    world.fill(kMidnight + 4h, kMidnight + 100h, "cellar");
    CHECK(world.bring(keys).records >= 96);
    world.check_windows("attic");
    world.check_windows("cellar");
}

TEST_CASE_TEMPLATE("single readings are there one by one, and those of one time, too", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    world.database->read("attic", kSeries, kMidnight + 10min, -7.25);  // There is one already.
    world.database->commit();
    const std::string keys = "create = true\nrows = 'readings'\ntime = 'milliseconds'\n";
    CHECK(world.bring(keys).records == 19);
    CHECK(world.bring(keys).records == 0);
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE nth = 1") == 1);
    const auto at = std::to_string(base::to_milliseconds(kMidnight + 10min));
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE " + world.quoted("time") + " = " +
                       at) == 2);
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE " + world.quoted("value") +
                       " = -7.25 AND unit = 'Cel' AND quality = 'good'") == 1);
}

TEST_CASE_TEMPLATE("a dry run writes nothing, and a trial only as much as was said", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    const auto dry = world.bring("create = true\n", {.is_dry = true});
    CHECK(dry.records == 20);
    CHECK(valued(world.other.connection.tables()).empty());
    CHECK(world.bring("create = true\nbatch = 3\n", {.limit = 7}).records == 7);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 7);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE is_whole = 0") == 1);
    const Order hours{.from = kMidnight + 15h, .to = kMidnight + 17h};
    CHECK(world.bring("create = true\n", hours).records == 2);
    CHECK(world.bring().records == 11);  // A trial is no reason to leave out what it left out.
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("what a run brings by other keys is no reason to leave out what it left out",
                   World, BOTH) {
    World world;
    world.fill(kMidnight - 480h, kMidnight + 20h);
    const std::string keys = "create = true\nlook_back = '2h'\n";
    SUBCASE("said with --set") {
        CHECK(world.bring(keys + "ranges = ['*=300..1000']\n", {.is_changed = true}).records < 500);
    }
    SUBCASE("of a narrower match, and of a time of the others") {
        world.database->declare("cellar", kSeries, "temperature", "Cel");
        world.database->commit();
        world.bring(keys + "match = ['cellar/*']\n");
        world.bring(keys, {.from = kMidnight + 10h});
    }
    SUBCASE("of a narrower range") {
        world.bring(keys + "ranges = ['*=300..1000']\n");
    }
    world.now += 1min;
    world.bring(keys);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 500);
}

TEST_CASE_TEMPLATE("a run by a clock that was ahead hides nothing from the later ones", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.now += 24h * 1'800;
    CHECK(world.bring().records == 20);
    world.now -= 24h * 1'800;
    world.database->read("attic", kSeries, kMidnight + 5h + 1min, 99);
    world.database->commit();
    CHECK(world.bring().records >= 1);
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("a run that may write no more commits no further batch, and says so", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    const auto keys = world.keys("create = true\nbatch = 5\n");
    Limited before_all{0};
    CHECK_FALSE(world.make("export-sql", keys)->run({}, world.now, before_all));
    CHECK(valued(world.other.connection.tables()).empty());
    Limited limited{3};  // The tables, and two batches.
    const auto done = world.make("export-sql", keys)->run({}, world.now, limited);
    REQUIRE_FALSE(done);
    CHECK(done.error().detail == "it is not the only one any more");
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 10);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'failed'") == 1);
    world.now += 1min;
    CHECK(world.bring().records == 10);
}
