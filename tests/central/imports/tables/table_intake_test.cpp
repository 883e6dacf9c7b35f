// Goal: each row of monthly tables counts once, whenever it comes and whatever ends a run; and what
// does not count is told. Method: real servers, and real outboxes that are read afterwards.
#include "central/imports/tables/table_world.hpp"

using namespace tables_test;

namespace {

constexpr const char* kMay = "2026_05";
constexpr const char* kJune = "2026_06";

}  // namespace

TEST_CASE_TEMPLATE("a run takes what is there, the next one what has come since", World, TABLES) {
    World world;
    world.make_month(kMay);
    world.make_month(kJune);
    world.execute("CREATE TABLE sqlt_data_2_2026_06 (nothing INTEGER)");
    world.fill(kMay, kMidnight - 30 * 24h, kMidnight - 29 * 24h);
    world.fill(kJune, kMidnight - 24h, kNow);
    world.put(kJune, 2, kNow - 10min, "55.5");
    world.put(kJune, 3, kNow - 10min, "1");
    CHECK(world.run() == 1'440 + 1'440 + 715 + 1);
    CHECK(world.has_said("2 tables of "));
    CHECK(world.has_said("sqlt_data_1_2026_05, sqlt_data_1_2026_06 (3596 rows)"));
    CHECK(world.has_said("1 of 1 tags that are mapped to no series: \"line 3/other\" (1)"));
    CHECK(world.has_said("5 wait for a later run"));
    const auto sent = world.sent();
    REQUIRE(sent.readings.size() == 3'596);
    const auto is_earlier = [](const auto& a, const auto& b) {
        return std::get<1>(a) < std::get<1>(b);
    };
    CHECK(std::is_sorted(sent.readings.begin(), sent.readings.begin() + 2'000, is_earlier));
    CHECK(sent.declared.at("line1.temperature").unit == "Cel");
    CHECK(sent.declared.at("line1.temperature").driver == "ingest-tables");
    CHECK(sent.declared.at("line2.humidity").period == 1min);
    world.now = kNow + 5min;
    CHECK(world.run() == 5);
    CHECK(world.run() == 0);
    const auto all = world.sent().sorted();
    CHECK(all.size() == 3'601);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE_TEMPLATE("late rows count, and what changes after that is told", World, TABLES) {
    World world;
    world.make_month(kJune);
    world.fill(kJune, kMidnight - 72h, kNow);
    CHECK(world.run() == 5'035);
    world.put(kJune, 1, kNow - 3h + 7s, "7");
    world.put(kJune, 2, kNow - 3h, "8");
    world.put(kJune, 1, kMidnight - 72h + 7s, "9");
    world.put(kJune, 2, kMidnight - 72h, "10");  // None of that tag and day was taken.
    world.execute(fmt::format(
        "UPDATE sqlt_data_1_2026_06 SET floatvalue = 1000 WHERE tagid = 1 AND t_stamp = {}",
        base::to_milliseconds(kNow - 1h)));
    CHECK(world.run() == 3);
    CHECK(
        world.has_said("changed there after `late`, and left as it was: line 1/temp of "
                       "2026-06-18 in sqlt_data_1_2026_06 has 1 more than were taken"));
    CHECK(
        world.has_said("1 hold another value than the one that counts: line 1/temp at "
                       "2026-06-21 11:00:00 in sqlt_data_1_2026_06"));
    CHECK(world.run() == 0);
    const auto all = world.sent().sorted();
    CHECK(all.size() == 5'038);
    CHECK(std::binary_search(
        all.begin(), all.end(),
        Sent::Reading{"line1.temperature", base::to_milliseconds(kNow - 3h + 7s), 7}));
    CHECK(std::none_of(all.begin(), all.end(),
                       [](const auto& reading) { return std::get<2>(reading) == 1'000; }));
}

TEST_CASE_TEMPLATE("a run that may write no more tells what of its readings counts", World,
                   TABLES) {
    World world;
    world.make_month(kJune);
    world.fill(kJune, kMidnight - 25 * 24h, kMidnight);
    int commits_left = 1;
    TableIntake intake{world.options, [](auto...) {}, kFine,
                       [&]() -> base::Status {
                           if (commits_left-- > 0) return base::Done{};
                           return base::Error{base::Fault::exhausted, "not the only one"};
                       }};
    {
        const auto carrier = imports::Carrier::open(world.carrier_options(), world.clock);
        REQUIRE(carrier);
        CHECK_FALSE(intake.take(*carrier.value(), world.now));
    }
    const auto& account = intake.account();
    CHECK(account.committed > 0);
    CHECK(account.committed < account.tally.readings);
    CHECK(world.sent().readings.size() == account.committed);
}

TEST_CASE_TEMPLATE("a table of a month that comes late is caught up", World, TABLES) {
    World world;
    world.make_month(kJune);
    world.fill(kJune, kNow - 2h, kNow - 1h);
    CHECK(world.run() == 60);
    world.make_month("2019_02");
    world.fill("2019_02", kNow - 2'665 * 24h, kNow - 2'664 * 24h);  // In March.
    CHECK(world.run() == 1'440);
    CHECK(world.run() == 0);
    CHECK(world.sent().sorted().size() == 1'500);
}

TEST_CASE_TEMPLATE("what is not good, no number or nothing does not count, and is told", World,
                   TABLES) {
    World world;
    world.make_month(kJune);
    world.put(kJune, 1, kNow - 1h, "1");
    world.put(kJune, 1, kNow - 1h + 1min, "2", 0);
    world.put(kJune, 1, kNow - 1h + 2min, "3", 300);
    world.put(kJune, 1, kNow - 1h + 3min, "NULL");
    world.execute(
        fmt::format("INSERT INTO sqlt_data_1_2026_06 (tagid, intvalue, dataintegrity, "
                    "t_stamp) VALUES (1, 42, 192, {0}), (2, 9007199254740993, 192, {0})",
                    base::to_milliseconds(kNow - 1h + 4min)));
    CHECK(world.run() == 6);
    CHECK(world.has_said("1 hold no value"));
    CHECK(world.has_said("3 set aside (1 no number, 2 not good)"));
    CHECK(world.has_said("line 1/temp at 2026-06-21 11:01:00: 0 (not good)"));
    const auto sent = world.sent();
    CHECK(sent.readings.size() == 2);
    CHECK(sent.failed.at("line1.temperature: not good") == 2);
    CHECK(sent.failed.at("line2.humidity: no number") == 1);
    CHECK(world.run() == 0);
    CHECK(world.sent().failed.at("line1.temperature: not good") == 2);
    SUBCASE("without a list of good ones every number but 0 is good") {
        world.options.source.good.clear();
        world.put(kJune, 1, kNow - 1h + 5min, "5", 0);
        world.put(kJune, 1, kNow - 1h + 6min, "6", 1);
        CHECK(world.run() == 2);
        CHECK(world.sent().readings.size() == 3);
    }
}

TEST_CASE_TEMPLATE("a trial, a time and a rehearsal take what they should", World, TABLES) {
    World world;
    world.make_month(kJune);
    world.fill(kJune, kMidnight - 72h, kMidnight - 48h);
    world.fill(kJune, kNow - 2h, kNow - 1h);
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == 1'500);
    CHECK_FALSE(std::filesystem::exists(world.folder.file("outbox")));
    world.options.is_whole = false;
    world.options.rows_max = 100;
    CHECK(world.run() == 100);
    CHECK(world.has_said("no more, as there is a limit"));
    world.options.rows_max.reset();
    world.options.from = kNow - 2h;
    world.options.to = kNow - 90min;
    CHECK(world.run() == 30);
    world.options = {.source = world.source("unix_ms"), .packer = world.options.packer};
    CHECK(world.run() == 1'370);
    CHECK(world.run() == 0);
    const auto all = world.sent().sorted();
    CHECK(all.size() == 1'500);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE_TEMPLATE("a tag that is mapped later brings its history", World, TABLES) {
    World world;
    world.make_month(kJune);
    world.fill(kJune, kMidnight - 240h, kMidnight - 216h);
    for (int i = 0; i < 10; ++i) world.put(kJune, 3, kMidnight - 240h + i * 1h, "1");
    CHECK(world.run() == 1'440);
    world.execute("UPDATE sqlth_te SET tagpath = 'line 2/other' WHERE id = 3");
    CHECK(world.run() == 10);
    CHECK(world.run() == 0);
    CHECK(world.sent().declared.contains("line2.other"));
    world.execute("UPDATE sqlth_te SET tagpath = 'line 1/temperature' WHERE id = 1");
    CHECK(world.run() == 0);
    CHECK(world.has_said("no tag there is called line 1/temp"));
}

TEST_CASE_TEMPLATE("days with more rows than memory should hold are read in parts", World, TABLES) {
    World world;
    world.make_month(kJune);
    world.execute("CREATE TABLE digits (d BIGINT)");
    world.execute("INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
    // 200 000 rows within two hours, ten at each time, of which one is mapped to each tag.
    world.execute(fmt::format(
        "INSERT INTO sqlt_data_1_2026_06 (tagid, floatvalue, dataintegrity, t_stamp) SELECT 1 + "
        "a.d % 2, b.d, 192, {} + 72 * (b.d + 10 * (c.d + 10 * (e.d + 10 * (f.d + 10 * g.d)))) FROM "
        "digits a, digits b, digits c, digits e, digits f, digits g WHERE a.d < 2",
        base::to_milliseconds(kMidnight - 72h + 30min)));
    world.options.parallel = 4;
    CHECK(world.run() == 200'000);
    CHECK(world.run() == 0);
    const auto all = world.sent().sorted();
    CHECK(all.size() == 200'000);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE_TEMPLATE("what is wrong is told with what to do", World, TABLES) {
    World world;
    const auto refused = [&] {
        CHECK(world.run() == 0);
        return world.error;
    };
    CHECK(refused().find("no table there is called like sqlt_data_1_{YYYY}_{MM}") == 0);
    world.make_month(kJune);
    world.put(kJune, 1, kNow - 1h, "1");
    SUBCASE("of a column that is not there") {
        world.options.source.value_columns = {"val"};
        CHECK(refused().find("sqlt_data_1_2026_06: cannot read the columns t_stamp, tagid, "
                             "dataintegrity, val") == 0);
    }
    SUBCASE("of a time in another form") {
        world.options.source.time = world.source("datetime").time;
        CHECK(refused().find("its column t_stamp is none of a time") != std::string::npos);
        world.options.source.time = world.source("unix").time;
        CHECK(refused().find("is it time_format = \"unix_ms\"?") != std::string::npos);
    }
    SUBCASE("of tags of which none is mapped") {
        world.execute("UPDATE sqlth_te SET tagpath = 'x'");
        CHECK(refused().find("none of the 4 tags in sqlth_te is mapped") == 0);
    }
    SUBCASE("of two tags that would be one series") {
        world.execute("UPDATE sqlth_te SET tagpath = 'line 2/Humidity' WHERE id = 4");
        CHECK(refused().find("would both be the series line2.humidity") != std::string::npos);
    }
    SUBCASE("of a node whose outbox has something else") {
        world.run();
        delivery::Flush flush;
        flush.positions["tables"] = "";
        REQUIRE(delivery::SqliteOutbox::open(world.outbox_options()).value()->append(flush));
        CHECK(refused().find("does not say which rows were taken") != std::string::npos);
    }
}
