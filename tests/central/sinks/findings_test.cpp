// Goal: what the detectors found and know is committed with the rows, can be read again as it was,
// and stays bounded.
#include <doctest/doctest.h>

#include "central/database/any_database.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "central/text/day.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

constexpr const char* kNode = "attic";
constexpr const char* kSeries = "climate.temperature";

detect::Finding finding(std::int64_t from, std::optional<std::int64_t> ended = {}) {
    detect::Finding finding;
    finding.code = detect::Code::limit;
    finding.severity = detect::Severity::critical;
    finding.from = at(from);
    finding.to = at(from + 1'000);
    if (ended) finding.ended = at(*ended);
    finding.at = at(from + 500);
    finding.value = 41.5;
    finding.score = 0.75;
    finding.times = 3;
    finding.sentence = "attic/climate.temperature: 41.5 °C";
    finding.parameters = {{"limit", 30}};
    return finding;
}

struct World {
    World() {
        state = sink->load(0, 1).value().state;
        auto step = next();
        engine::SeriesRow row;
        row.node = kNode;
        row.declared.series = kSeries;
        step.changes.series = {{{kNode, kSeries}, row}};
        REQUIRE(sink->commit(step));
    }
    sinks::Commit next() {
        auto step = step_of(state, std::to_string(++entry) + "-0");
        step.changes = {};
        return step;
    }
    void add(const detect::Finding& one) {
        auto step = next();
        step.changes.findings[{kNode, kSeries, one.code, one.from}] = one;
        const auto committed = sink->commit(step);
        REQUIRE(committed);
        dropped += committed.value().findings_dropped;
    }
    std::vector<sinks::FindingRow> ask(sinks::FindingRange range) {
        if (range.to == base::EventTime{}) range.to = at(1'000'000'000);
        auto query = sinks::DatabaseQuery::open(central_test::place(folder.file("leat.db")));
        REQUIRE(query);
        return query.value()->findings(range).value();
    }

    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseSink> sink =
        sinks::open_sink({.path = central_test::place(folder.file("leat.db")), .findings_max = 3})
            .value();
    sinks::PartitionState state;
    int entry = 0;
    std::uint64_t dropped = 0;
};

}  // namespace

TEST_CASE("a finding is read as it was written, and written again when it changes") {
    World world;
    world.add(finding(0));
    auto rows = world.ask({});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].node == kNode);
    CHECK(rows[0].series == kSeries);
    CHECK(rows[0].finding == finding(0));
    world.add(finding(0, 9'000));
    rows = world.ask({});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].finding == finding(0, 9'000));
}

TEST_CASE("findings are asked for by series, time and state, the newest first, in pages") {
    World world;
    world.add(finding(0, 9'000));
    world.add(finding(100'000));
    world.add(finding(200'000, 201'000));
    const auto starts = [&](const sinks::FindingRange& range) {
        std::vector<std::int64_t> all;
        for (const auto& row : world.ask(range)) {
            all.push_back((row.finding.from - at(0)).count());
        }
        return all;
    };
    using Starts = std::vector<std::int64_t>;
    CHECK(starts({}) == Starts{200'000, 100'000, 0});
    CHECK(starts({.node = "cellar"}).empty());
    CHECK(starts({.node = kNode, .series = kSeries}).size() == 3);
    CHECK(starts({.node = kNode, .series = "climate.humidity"}).empty());
    CHECK(starts({.is_open = true}) == Starts{100'000});
    CHECK(starts({.is_open = false}) == Starts{200'000, 0});
    CHECK(starts({.from = at(9'001), .to = at(200'000)}) == Starts{100'000});
    CHECK(starts({.from = at(500'000)}) == Starts{100'000});  // It still holds.
    const auto first = world.ask({.rows_max = 1});
    REQUIRE(first.size() == 1);
    CHECK(starts({.before = first[0].id}) == Starts{100'000, 0});
}

TEST_CASE("a finding counts on each of the last seven days on which it held, whenever it began") {
    constexpr std::int64_t kDay = 86'400'000;
    World world;
    const auto today = std::chrono::floor<std::chrono::days>(base::SystemClock{}.event_time());
    const auto on = [&](std::int64_t days_ago) {
        return (today - at(0)).count() - days_ago * kDay;
    };
    world.add(finding(on(10)));  // It still holds.
    auto ended = finding(on(9), on(4) + 5'000);
    ended.to = at(on(5));
    world.add(ended);
    world.add(finding(on(9) + 1'000, on(8)));
    auto database = central_test::AnyDatabase::open({.path = world.folder.file("leat.db")}).value();
    auto query =
        database.query("SELECT day, findings, series, still_open FROM v_anomaly_trends_7d");
    for (std::int64_t days_ago = 6; days_ago >= 0; --days_ago) {
        CAPTURE(days_ago);
        REQUIRE(query.next().value());
        CHECK(query.text(0) == text::day_text(at(on(days_ago))));
        CHECK(query.integer(1) == (days_ago >= 5 ? 2 : 1));
        CHECK(query.integer(2) == 1);
        CHECK(query.integer(3) == 1);
    }
    CHECK_FALSE(query.next().value());
}

TEST_CASE("the oldest findings that ended are dropped and counted; those that are open stay") {
    World world;
    world.add(finding(0));
    for (std::int64_t i = 1; i <= 5; ++i) world.add(finding(i * 10'000, i * 10'000 + 2'000));
    CHECK(world.dropped == 2);
    const auto rows = world.ask({});
    REQUIRE(rows.size() == 4);
    CHECK_FALSE(rows.back().finding.ended);
}

TEST_CASE("what the detectors know is kept; habits stay as they were when only the state is new") {
    World world;
    CHECK_FALSE(world.sink->memory().watch(kNode, kSeries).value());
    CHECK_FALSE(world.sink->memory().watch("cellar", kSeries).value());
    const auto save = [&](const detect::Saved& saved) {
        auto step = world.next();
        step.changes.watches[{kNode, kSeries}] = saved;
        REQUIRE(world.sink->commit(step));
    };
    save({.state = std::string("a\0b", 3), .habits = {}});
    auto known = world.sink->memory().watch(kNode, kSeries).value();
    REQUIRE(known);
    CHECK(known->state == std::string("a\0b", 3));
    CHECK_FALSE(known->habits);
    save({.state = "c", .habits = "h"});
    save({.state = "d", .habits = {}});
    known = world.sink->memory().watch(kNode, kSeries).value();
    CHECK(known->state == "d");
    CHECK(known->habits == "h");
}

TEST_CASE("windows that wait are those from a time on, of each series the earliest") {
    World world;
    auto step = world.next();
    engine::WindowRow row;
    row.summary = wire::Summary::of(1);
    for (std::int64_t minute = 0; minute < 5; ++minute) {
        const auto start =
            engine::window_start(at(0), std::chrono::minutes{1}) + minute * std::chrono::minutes{1};
        step.changes.windows[{std::chrono::minutes{1}, kNode, kSeries, start}] = row;
    }
    REQUIRE(world.sink->commit(step));
    const auto first = engine::window_start(at(0), std::chrono::minutes{1});
    const auto open = [&](std::int64_t minute, std::size_t starts_max) {
        return world.sink->memory()
            .open_windows(kNode, std::chrono::minutes{1}, first + minute * std::chrono::minutes{1},
                          starts_max)
            .value();
    };
    CHECK(open(0, 9).size() == 5);
    CHECK(open(3, 9).size() == 2);
    REQUIRE(open(1, 2).size() == 2);
    CHECK(open(1, 2)[0].series == kSeries);
    CHECK(open(1, 2)[0].start == first + std::chrono::minutes{1});
    CHECK(open(9, 9).empty());
}
