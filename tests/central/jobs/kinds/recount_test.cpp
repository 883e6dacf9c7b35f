// Goal: a recount is silent about honest data, whatever has happened to them, and finds any one
// number of a window that is wrong. Method: the engine fills a database; SQL changes one number.
#include <map>
#include <set>

#include "central/engine/records.hpp"
#include "central/jobs/kinds/job_world.hpp"
#include "central/quarantine/replay.hpp"

using namespace jobs_test;

namespace {

/// A day and a half of the past, of which the 20th is whole.
struct World : JobWorld {
    explicit World(const engine::EngineOptions& options = {}) : JobWorld(options) {
        fill(kMidnight - 12h, kMidnight + 25h);
    }

    jobs::Work recount(base::EventTime day = kMidnight) {
        return work("recount", {}, {.from = day});
    }
    void add(base::EventTime at, const std::vector<wire::Column>& columns,
             base::EventTime received) {
        database->add("attic",
                      wire::encode_record({.body = wire::Data{.at = at,
                                                              .clock = wire::ClockState::synced,
                                                              .boot = {},
                                                              .columns = columns},
                                           .origin = {}}),
                      received);
        database->commit();
    }
    /// What is said of the day when that is changed.
    std::string found(const std::string& change) {
        execute(change);
        const auto error = failure("recount", {}, {.from = kMidnight});
        CHECK(error.fault == base::Fault::malformed);
        return error.detail;
    }
};

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

/// Ten minutes, a quarter, an hour and a day of the 20th hold a reading at 12:00.
constexpr std::int64_t kNoonMs = base::to_milliseconds(kMidnight + 12h);

}  // namespace

TEST_CASE("honest data are as they should be, with late readings and ones at the same time") {
    World world;
    world.database->read("attic", kSeries, kMidnight + 3h + 1min, -7.25);
    world.database->read("attic", kSeries, kMidnight + 3h, 99);
    world.database->read("attic", kSeries, kMidnight + 24h - 1ms, 3);
    world.database->commit();
    const auto work = world.recount();
    CHECK(work.records == 147);
    CHECK(work.wrote ==
          "nothing: 267 windows are as they should be, 0 could not be compared");  // 146+96+24+1
}

TEST_CASE("readings that are ahead of their arrival are counted again as well") {
    World world;
    world.add(kMidnight + 5h + 5min, {engine_test::raw(kSeries, {{0, 1}, {1'000, 2}})},
              kMidnight + 1h);
    CHECK(world.recount().records == 146);
}

TEST_CASE("where a node had summarised its readings the series is passed over") {
    World world;
    wire::Summary three;
    for (const double value : {1.0, 2.0, 4.0}) three.add(value);
    world.add(kMidnight + 6h, {engine_test::partial(kSeries, 60s, {{0, three}})}, kMidnight + 25h);
    const auto work = world.recount();
    CHECK(work.records == 0);
    CHECK(has(work.wrote, "nothing: 0 windows are as they should be, 26"));
    // Of the day before it knows every one.
    CHECK(has(world.recount(kMidnight - 24h).wrote,
              "nothing: 121 windows are as they should be, 12"));
}

TEST_CASE("readings that were set aside and replayed are counted once") {
    engine::EngineOptions options;
    validation::Rule rule;
    rule.most = 50;
    options.rules = validation::Rules{{{.match = "*", .quantity = {}, .rule = rule}}};
    World world{options};
    world.add(kMidnight + 7h + 1min, {engine_test::raw(kSeries, {{0, 20}, {500, 400}})},
              kMidnight + 8h);
    CHECK(world.recount().records == 145);
    const auto replayed = quarantine::replay(world.database->sink(), engine::EngineOptions{}, {});
    REQUIRE(replayed);
    REQUIRE(replayed.value().readings == 1);
    CHECK(world.recount().records == 146);
}

TEST_CASE("any number of a window of any length that is wrong is found") {
    World world;
    for (const auto* table : {"rollup_1m", "rollup_15m", "rollup_1h", "rollup_1d"}) {
        const auto start = std::string{table} == "rollup_1d" ? kNoonMs - 43'200'000 : kNoonMs;
        world.execute(fmt::format("CREATE TABLE honest_{0} AS SELECT * FROM {0}", table));
        for (const auto* change :
             {"count = count + 1", "count = 0", "min = min - 0.001", "max = max + 0.001",
              "sum = sum * 1.000001", "first_at = first_at + 1", "last_at = last_at - 1"}) {
            CAPTURE(table);
            CAPTURE(change);
            const auto detail =
                world.found(fmt::format("UPDATE {} SET {} WHERE start = {}", table, change, start));
            CHECK(has(detail, "of 2025-11-20T00:00:00.000Z: attic/climate.temperature, "));
            CHECK(detail.find(';') == std::string::npos);  // One window, and no other.
            world.execute(
                fmt::format("DELETE FROM {0}; INSERT INTO {0} SELECT * FROM honest_{0}", table));
        }
    }
    world.recount();
}

TEST_CASE("a window that is gone is found, and readings that are gone, too") {
    World world;
    const auto window =
        world.found(fmt::format("DELETE FROM rollup_15m WHERE start = {}", kNoonMs));
    CHECK(
        has(window, "900 s from 2025-11-20T12:00:00.000Z: none is stored, counted again it has 2"));
    World other;
    const auto readings =
        other.found(fmt::format("DELETE FROM reading_block WHERE first_at = {}", kNoonMs));
    CHECK(has(readings,
              "60 s from 2025-11-20T12:00:00.000Z: 1 readings are stored, counted again "
              "they are 0"));
    CHECK(std::count(readings.begin(), readings.end(), ';') == 3);
}

TEST_CASE("of many differences a few are told") {
    World world;
    const auto detail = world.found("UPDATE rollup_1m SET sum = sum + 1");
    CHECK(std::count(detail.begin(), detail.end(), ';') == 9);
}

TEST_CASE("a day by chance is a whole day of the past of which readings are kept") {
    World world;
    world.fill(kMidnight + 25h, kMidnight + 73h);
    world.now = kMidnight + 72h + 2h;
    // One reading by a clock that was wrong: the days since then have none.
    world.database->read("attic", kSeries, kMidnight - 24'000h, 20);
    world.database->commit();
    world.keep.fallback.age.reset();
    world.execute(fmt::format("DELETE FROM reading_block WHERE first_at < {}",
                              base::to_milliseconds(kMidnight - 12h)));
    std::set<std::string> days;
    for (int i = 0; i < 60; ++i) {
        const auto work = world.work("recount", {});
        CHECK(work.records == 144);
        days.insert(work.read.substr(0, 10));
    }
    CHECK(days == std::set<std::string>{"2025-11-20", "2025-11-21", "2025-11-22"});
}

TEST_CASE("before a whole day is kept there is nothing to do") {
    JobWorld world;
    CHECK(world.work("recount", {}).wrote == "nothing: no whole day is kept");
    world.fill(kMidnight + 10h, kMidnight + 25h);
    CHECK(world.work("recount", {}).wrote == "nothing: no whole day is kept");
}

TEST_CASE("what is older than readings are kept is passed over, also when some came late") {
    World world;
    world.fill(kMidnight + 25h, kMidnight + 15h * 24);
    world.keep.fallback.age = 10 * 24h;
    world.now = kMidnight + 15 * 24h + 30min;
    REQUIRE(world.database->sink().remove(
        {{.series = 1, .before = world.now - 10 * 24h, .now = world.now}}, 100'000));
    const auto first_day = kMidnight + 5 * 24h;
    CHECK(has(world.recount(first_day).wrote, "could not be compared"));
    // From long ago, and not removed yet.
    world.database->read("attic", kSeries, kMidnight + 1h, 20);
    world.database->commit();
    CHECK(has(world.recount().wrote, "nothing: 0 windows are as they should be"));
    CHECK(has(world.recount(first_day - 24h).wrote, "nothing: 0 windows are as they should be"));
    for (int i = 0; i < 30; ++i) world.work("recount", {});
}

TEST_CASE("a limit ends it after the series that reaches it, and a dry run looks at none") {
    World world;
    world.database->declare("barn", kSeries, "temperature", "Cel");
    world.fill(kMidnight - 12h, kMidnight + 25h, "barn");
    CHECK(world.recount().records == 288);
    CHECK(world.work("recount", {}, {.from = kMidnight, .limit = 10}).records == 144);
    world.execute("UPDATE rollup_1m SET count = 7");
    CHECK(world.work("recount", {}, {.from = kMidnight + 5h, .is_dry = true}).wrote ==
          "nothing: it would count 2025-11-20T00:00:00.000Z again");
}

constexpr const char* kParts =
    "\nnode = \"past\"\nsensor = \"office\"\ntime_column = \"t\"\ncolumns = { T = "
    "\"temperature:Cel\" }";

constexpr const char* kTables =
    "connection = \"DSN=plant\"\nnode = \"plant\"\ntables = \"data_{YYYY}_{MM}\"\ntime = \"t\"\n"
    "value = \"v\"\ntag = \"tag\"\ntags = { oven = \"oven.temperature:Cel\" }";

TEST_CASE("every kind says what it does, and what to do when it fails") {
    World world;
    const auto outbox = "\noutbox = \"" + world.path + ".outbox\"";
    const std::map<std::string, std::string> needed{
        {"backup", world.folder_key()},
        {"dim-refresh", "file = \"places.csv\""},
        {"export-csv", world.folder_key()},
        {"export-sql", "connection = \"DSN=plant\""},
        {"ingest-csv", world.folder_key() + kParts + outbox},
        {"ingest-tables", kTables + outbox}};
    for (const auto& kind : jobs::kinds()) {
        CAPTURE(kind);
        const auto keys = needed.contains(kind) ? needed.at(kind) : "";
        const auto job = world.make(kind, keys);
        const auto database = central_test::place(world.path).text();
        CHECK(has(job->explain(), kind.starts_with("ingest") ? world.path : database));
        CHECK(job->explain().ends_with('.'));
        CHECK(job->remedy().size() > 20);
        if (keys == world.folder_key()) CHECK(has(job->remedy(), world.target));
    }
}
