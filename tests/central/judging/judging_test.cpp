#include <filesystem>

#include "central/database/any_database.hpp"
#include "central/judging/judging_world.hpp"

using namespace judging_test;

namespace {

constexpr const char* kSeries = "climate.temperature";

/// A series with a reading every 20 seconds unless the test says otherwise.
struct Node : World {
    explicit Node(base::Duration period = 20s, judging::JudgeOptions judge_options = {})
        : World(engine::EngineOptions{}.spans, judge_options) {
        declare(kSeries, period, false, at(0s));
    }

    void finish() {
        commit();
        judge_all();
    }
    Stored minute(base::Duration start) { return stored(kSeries, 1min).at(at(start)); }

    /// Of the whole database: so long as it is the same, nothing was written.
    std::int64_t written() {
        auto database = file(true);
        return database.number("SELECT sum(judged_to) + count(again_from) FROM judging").value();
    }
    void execute(const std::string& sql) {
        auto database = file(false);
        const auto done = database.execute(sql);
        REQUIRE_MESSAGE(done, done.error().detail);
    }
    std::string first_text(const std::string& sql) {
        auto database = file(true);
        auto rows = database.query(sql);
        REQUIRE(rows.next().value());
        return rows.string(0);
    }

  private:
    central_test::AnyDatabase file(bool is_read_only) const {
        auto opened =
            central_test::AnyDatabase::open({.path = path(), .is_read_only = is_read_only});
        REQUIRE(opened);
        return std::move(opened).value();
    }
};

wire::Gap evicted(std::uint64_t from, std::uint64_t to, base::Duration first, base::Duration last) {
    return {.from = from,
            .to = to,
            .readings = 4,
            .first = at(first),
            .last = at(last),
            .reason = wire::GapReason::evicted};
}

}  // namespace

TEST_CASE("a window is judged once the watermark has passed it, and is provisional until then") {
    Node node;
    node.read_between(kSeries, at(0s), at(1min + 10s), 20s);
    node.finish();
    CHECK(node.minute(0s) == Stored{});
    node.read(kSeries, at(1min + 10s));
    node.finish();
    CHECK(node.minute(0s) ==
          Stored{.state = "complete", .expected = 3, .quality = 1.0, .causes = {}});
    CHECK(node.minute(1min) == Stored{});
    CHECK(node.first_text("SELECT state FROM v_hourly") == "provisional");
    CHECK(node.first_text("SELECT state FROM v_daily") == "provisional");
}

TEST_CASE("the views tell state and quality of hours and days, and the tables say why") {
    Node node;
    node.read_between(kSeries, at(0s), at(30min), 20s);
    node.fail(kSeries, at(40min));
    node.read_between(kSeries, at(45min), at(24h + 1min), 20s);
    node.finish();
    CHECK(node.first_text("SELECT state FROM v_hourly ORDER BY hour") == "known_gap");
    CHECK(node.first_text("SELECT quality FROM v_hourly ORDER BY hour") == "0.75");
    CHECK(node.first_text("SELECT state FROM v_hourly WHERE hour LIKE '%T01:%'") == "complete");
    CHECK(node.first_text("SELECT state FROM v_daily") == "known_gap");
    CHECK(node.first_text("SELECT causes FROM rollup_1h ORDER BY start") ==
          R"([{"cause":"failed","reason":"checksum","readings":1,)"
          R"("sentence":"1 reading failed: checksum"},{"cause":"not_sent","readings":44,)"
          R"("sentence":"44 readings missing: never sent, and the node declared no gap"}])");
    CHECK(node.first_text("SELECT min(value ->> 'cause') || ' ' || max(value ->> 'cause')"
                          " FROM rollup_1h, json_each(causes)"
                          " WHERE start = (SELECT min(start) FROM rollup_1h)") ==
          "failed not_sent");
}

TEST_CASE(
    "a late reading takes the judgement off its window, and those beside it are judged anew") {
    Node node;
    node.read(kSeries, at(10s));
    node.read(kSeries, at(2min + 42s));
    node.read_between(kSeries, at(3min), at(10min), 20s);
    node.finish();
    CHECK(node.minute(2min).expected == 3);
    node.read(kSeries, at(1min + 54s));
    node.commit();
    CHECK(node.minute(1min) == Stored{});
    node.judge_all();
    CHECK(node.minute(1min).state == "known_gap");
    CHECK(node.minute(2min).expected == 2);  // 20 s after the late one, and the one that is there.
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("windows behind a late reading are judged anew up to the next one that has a reading") {
    Node node{50s};
    node.read(kSeries, at(10s));
    for (int minute = 1; minute < 200; ++minute) node.fail(kSeries, at(minute * 1min));
    node.read_between(kSeries, at(200min), at(210min), 50s);
    node.finish();
    const auto before = node.stored(kSeries, 1min);
    node.read(kSeries, at(1min + 35s));
    node.finish();
    std::size_t changed = 0;  // Of those that are far behind: what was due in them came later.
    for (int minute = 100; minute < 190; ++minute) {
        if (node.minute(minute * 1min) != before.at(at(minute * 1min))) ++changed;
    }
    CHECK(changed > 10);
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE(
    "readings that are known only in an hour judge the window before it, though minutes follow") {
    Node node{30s};
    node.declare("b.q", 30s, false, at(0s));
    node.read_between(kSeries, at(20s), at(58min + 51s), 30s);
    node.fail(kSeries, at(59min + 30s));
    node.read_between("b.q", at(0s), at(110min), 30s);
    node.finish();
    CHECK(node.minute(59min).expected == 2);
    node.summarise(kSeries, at(1h), 15min, 30, 1'000, 880'000, at(110min));
    node.read_between(kSeries, at(100min), at(125min), 30s);
    node.finish();
    CHECK(node.minute(59min).expected == 1);  // One reading was hardly late.
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("what is missing in a minute is known in an hour once that has it") {
    Node node;
    node.read_between(kSeries, at(0s), at(5min + 10s), 20s);
    node.read_between(kSeries, at(5min + 50s), at(3h), 20s);
    node.finish();
    CHECK(node.minute(5min).state == "known_gap");
    node.summarise(kSeries, at(0s), 15min, 2, 315'000, 330'000, at(3h));
    node.finish();
    CHECK(node.minute(5min).state == "only_wider");
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("a gap that is declared later explains what was missing") {
    Node node;
    node.read_between(kSeries, at(0s), at(3min + 10s), 20s);
    node.read_between(kSeries, at(5min + 50s), at(3h), 20s);
    node.finish();
    CHECK(node.minute(3min).causes->find("not_sent") != std::string::npos);
    node.lose(4, at(3h));
    const auto last = node.seq;
    node.declare_gap(evicted(last - 3, last, 3min + 20s, 5min + 30s), at(3h));
    node.finish();
    CHECK(node.minute(3min).causes->find("evicted by the node") != std::string::npos);
    CHECK(node.minute(3min).causes->find("not_sent") == std::string::npos);
    CHECK(node.check(kSeries) > 0);

    // What is evicted is gone only once it is lost, too, in whichever order this is said.
    node.declare_gap(evicted(last - 9, last - 8, 5min + 50s, 6min), at(3h));
    node.finish();
    CHECK(node.minute(6min).state == "complete");
    node.lose(last - 9, last - 8, at(3h));
    node.finish();
    CHECK(node.minute(6min).state == "known_gap");
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("of thousands of gaps none is left out") {
    Node node;
    node.read_between(kSeries, at(0s), at(26h), 20s);
    for (auto t = 0s; t < 25h; t += 30s) {
        node.declare_gap({.from = node.seq,
                          .to = node.seq,
                          .readings = 1,
                          .first = at(t + 1s),
                          .last = at(t + 1s),
                          .reason = wire::GapReason::corrupt},
                         at(27h));
    }
    node.finish();
    CHECK(node.minute(0min).state == "known_gap");
    CHECK(node.minute(24h).state == "known_gap");
    CHECK(node.minute(25h + 30min).state == "complete");
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE(
    "records that wait for a clock may be what is missing, and no longer when they are placed") {
    Node node;
    node.read_between(kSeries, at(0s), at(3min + 10s), 20s);
    node.read_between(kSeries, at(5min + 50s), at(3h), 20s);
    node.finish();
    node.apply(
        {.body = wire::Data{.at = base::EventTime{} + 30s,
                            .clock = wire::ClockState::boot,
                            .boot = "b",
                            .columns = {{.series = kSeries, .points = wire::RawColumn{{0}, {20}}}}},
         .origin = {}},
        at(3h));
    node.finish();
    CHECK(node.minute(3min).causes->find("\"unplaced\"") != std::string::npos);
    node.apply(
        {.body = wire::ClockSample{.boot = "b", .since_boot = 60s, .utc = at(2h), .error = 5ms},
         .origin = {}},
        at(3h));
    node.finish();
    CHECK(node.minute(3min).causes->find("\"not_sent\"") != std::string::npos);
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("a window is judged by the period that was declared for its time") {
    Node node;
    node.read_between(kSeries, at(0s), at(26h), 20s);
    node.finish();
    CHECK(node.minute(5min).state == "complete");
    node.declare(kSeries, 10s, false, at(26h));
    node.read_between(kSeries, at(26h), at(27h), 20s);
    node.declare(kSeries, 20s, true, at(27h));
    node.finish();
    node.kill();
    node.read_between(kSeries, at(27h), at(28h), 20s);
    node.finish();
    CHECK(node.minute(5min).state == "complete");
    CHECK(node.minute(26h + 5min).state == "known_gap");
    CHECK(node.minute(26h + 5min).expected == 6);
    CHECK(node.minute(27h + 5min).state == "unclaimed");
    CHECK(node.check(kSeries) > 0);
    // By a longer one the last windows are not settled any more.
    node.declare(kSeries, 40min, false, at(28h));
    node.finish();
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("another period has no history judged again") {
    Node node;
    node.read_between(kSeries, at(0s), at(26h), 20s);
    node.finish();
    const auto before = node.counters.sum("leat_central_judged_windows_total");
    node.declare(kSeries, 10s, false, at(26h));
    node.read_between(kSeries, at(26h), at(27h), 10s);
    node.finish();
    // An hour of minutes, and what else ends in it.
    CHECK(node.counters.sum("leat_central_judged_windows_total") - before < 130);
    CHECK(node.minute(26h + 5min).state == "complete");
    CHECK(node.check(kSeries) > 0);
}

TEST_CASE("a kill loses nothing of what is to be judged") {
    Node node;
    node.read_between(kSeries, at(0s), at(3min), 20s);
    node.read_between(kSeries, at(5min), at(3h), 20s);
    node.finish();
    node.read(kSeries, at(4min));
    node.declare("b.q", 20s, false, at(3h));
    node.read_between("b.q", at(0s), at(30min), 20s);
    node.commit();
    node.kill();
    CHECK(node.minute(4min) == Stored{});
    node.judge_all();
    CHECK(node.minute(4min).state == "known_gap");
    CHECK(node.check(kSeries) > 0);
    CHECK(node.check("b.q") > 0);
}

TEST_CASE("a database of before is judged from the beginning") {
    Node node;
    node.read_between(kSeries, at(0s), at(26h), 20s);
    node.finish();
    node.judge.reset();
    node.engine.reset();
    node.query.reset();
    node.sink.reset();
    std::string sql =
        "DROP VIEW v_hourly; DROP VIEW v_daily; DROP VIEW v_completeness; DROP TABLE judging;";
    for (const char* span : {"1m", "15m", "1h", "1d"}) {
        for (const char* column : {"state", "expected", "quality", "causes"}) {
            sql += std::string{"ALTER TABLE rollup_"} + span + " DROP COLUMN " + column + ";";
        }
    }
    node.execute(sql + central_test::older(4));
    node.start();
    CHECK(node.minute(5min) == Stored{});
    node.judge_all();
    CHECK(node.minute(5min).state == "complete");
    CHECK(node.check(kSeries) > 26 * 60);
}

TEST_CASE("windows of a length that comes anew are judged from the beginning") {
    World world{{1min, 1h}};
    world.declare("a.q", 20s, false, at(0s));
    world.read_between("a.q", at(0s), at(3h), 20s);
    world.commit();
    world.judge_all();
    for (const auto& lengths : std::vector<std::vector<base::Duration>>{
             {1min, 15min, 1h}, {1min, 1h}, {1min, 15min, 1h}}) {
        world.spans = lengths;
        world.kill();
        world.judge_all();
        CHECK(world.check("a.q") > 180);
    }
}

TEST_CASE("what is usual costs little: no note at a commit, and few rows a window") {
    Node node;
    node.read_between(kSeries, at(0s), at(2h), 20s);
    node.finish();
    const auto judged = node.counter("judged_windows_total");
    const auto rows = node.counter("judging_rows_total");
    for (int minute = 120; minute < 180; ++minute) {
        node.read_between(kSeries, at(minute * 1min), at(minute * 1min + 1min), 20s);
        const auto before = node.written();
        node.commit();
        CHECK(node.written() == before);
        node.judge_all();
    }
    // 60 minutes, 4 quarters and an hour, each with the one before.
    CHECK(node.counter("judged_windows_total") - judged <= 2 * (60 + 4 + 1));
    CHECK(node.counter("judging_rows_total") - rows <= 60 * 40);
    CHECK(node.check(kSeries) > 180);
}

TEST_CASE("nothing is read while nothing was committed") {
    Node node;
    node.read_between(kSeries, at(0s), at(2h), 20s);
    node.finish();
    const auto rows = node.counter("judging_rows_total");
    CHECK(node.counter("judging_behind") == 0);
    for (int i = 0; i < 10; ++i) CHECK(!node.tick());
    CHECK(node.counter("judging_rows_total") == rows);
}

TEST_CASE("a step is bounded, and a long history keeps no other series waiting") {
    Node node{20s, {.rows_max = 200, .windows_max = 100}};
    node.read_between(kSeries, at(-40h), at(0s), 20s);
    node.declare("b.q", 20s, false, at(0s));
    node.read_between("b.q", at(0s), at(5min), 20s);
    node.commit();
    int steps = 0;
    for (bool goes_on = true; goes_on; ++steps) {
        const auto rows = node.counter("judging_rows_total");
        goes_on = node.tick();
        CHECK(node.counter("judging_rows_total") - rows <= 200 + 4 * 2 * (100 + 2 * 60));
        if (steps == 2) CHECK(node.stored("b.q", 1min).at(at(0s)).state == "complete");
        if (steps == 2) CHECK(node.counter("judging_behind") > 0);
    }
    CHECK(steps > 20);
    CHECK(node.check(kSeries) > 40 * 60);
}

TEST_CASE("without its file nothing is judged, and all of it later") {
    Node node;
    node.read_between(kSeries, at(0s), at(2h), 20s);
    node.commit();
    std::filesystem::rename(node.path(), node.path() + ".away");
    CHECK(!node.tick());  // The sink puts it back, and wants to be opened anew.
    CHECK(!node.tick());
    REQUIRE(node.sink->load(0, 1));
    node.judge_all();
    CHECK(node.check(kSeries) > 100);
}
