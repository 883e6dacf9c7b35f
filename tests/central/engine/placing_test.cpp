// Goal: a reading whose time counts from a boot is counted once, where a clock record says, or
// waits where people see it. Method: the engine over a memory of maps, line by line.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "central/engine/feed.hpp"

using namespace engine_test;
using engine::BootTie;
using engine::RefusalKind;

namespace {

/// A record of readings since a boot.
std::string since_boot(const std::string& boot, std::int64_t ms, const Points& points,
                       const std::string& series = "a.b") {
    return wire::encode_record({.body = wire::Data{.at = base::from_milliseconds(ms),
                                                   .clock = wire::ClockState::boot,
                                                   .boot = boot,
                                                   .columns = {raw(series, points)}},
                                .origin = {}});
}

/// Says that the boot had lasted `ms` at the time at(utc).
std::string clock_record(const std::string& boot, std::int64_t ms, std::int64_t utc,
                         std::int64_t error = 10) {
    return wire::encode_record({.body = wire::ClockSample{.boot = boot,
                                                          .since_boot = base::Duration{ms},
                                                          .utc = at(utc),
                                                          .error = base::Duration{error}},
                                .origin = {}});
}

/// More than any test needs: a line that is placed and stays would be placed for ever.
constexpr int kRoundsMax = 1'000;

/// As the pipeline does it, tick by tick; gives what became of each line.
std::vector<engine::Placed> place_all(Feed& feed, std::size_t lines_max = 100) {
    std::vector<engine::Placed> all;
    for (int round = 0; round < kRoundsMax; ++round) {
        feed.commit();
        const auto placed = feed.engine.place(lines_max, 1'000);
        REQUIRE(placed);
        if (placed.value().empty()) return all;
        CHECK(placed.value().size() <= lines_max);
        all.insert(all.end(), placed.value().begin(), placed.value().end());
    }
    FAIL("lines that were placed are placed again");
    return all;
}

}  // namespace

TEST_SUITE("engine/placing") {
    TEST_CASE(
        "records since a boot wait until a clock record of that boot, then count in their "
        "windows") {
        Feed feed;
        CHECK(feed.accept(since_boot("b", 1'000, {{0, 1}, {2'000, 3}})).waiting == 1);
        const auto other = feed.accept(since_boot("c", 1'000, {{0, 100}}));
        CHECK(other.waiting == 1);
        CHECK(other.readings == 0);
        CHECK_FALSE(other.refused);
        CHECK(place_all(feed).empty());
        CHECK(feed.memory.windows.empty());
        CHECK(feed.memory.unplaced.size() == 2);
        CHECK(feed.memory.nodes.at("attic").unplaced == 2);
        CHECK(feed.memory.nodes.at("attic").clock == wire::ClockState::boot);
        feed.accept(clock_record("b", 61'000, 120'000));
        const auto placed = place_all(feed);
        REQUIRE(placed.size() == 1);
        CHECK(placed[0].outcome.readings == 2);
        CHECK(placed[0].outcome.placed == 1);
        const auto row = feed.row("a.b", 1min, 60'000);
        CHECK(row.summary.count == 2);
        CHECK(row.first_at == at(60'000));
        CHECK(row.last_at == at(62'000));
        CHECK(feed.memory.quarantined.empty());
        CHECK(feed.memory.unplaced.size() == 1);
        CHECK(feed.memory.unplaced.begin()->second.boot == "c");
        CHECK(feed.memory.nodes.at("attic").unplaced == 1);
        CHECK(feed.memory.boots.at({"attic", "b"}).unplaced == 0);
    }

    TEST_CASE("once its boot is tied to UTC a record is placed at once") {
        Feed feed;
        feed.accept(clock_record("b", 61'000, 120'000));
        const auto before = feed.accept(since_boot("b", 1'000, {{0, 1}}));
        CHECK(before.readings == 1);
        CHECK(before.placed == 1);
        CHECK(before.waiting == 0);
        CHECK(feed.accept(since_boot("b", 121'000, {{0, 1}})).readings == 1);
        feed.commit();
        CHECK(feed.row("a.b", 1min, 60'000).summary.count == 1);
        CHECK(feed.row("a.b", 1min, 180'000).summary.count == 1);
    }

    TEST_CASE("a clock that may be wrong by days ties nothing") {
        Feed feed;
        feed.accept(since_boot("b", 1'000, {{0, 20}}));
        const std::int64_t day = 86'400'000;
        CHECK(feed.accept(clock_record("b", 2'000, 60'000, day + 1)).refused ==
              engine::RefusalKind::out_of_range);
        CHECK(place_all(feed).empty());
        CHECK_FALSE(feed.accept(clock_record("b", 2'000, 60'000, day)).refused);
        CHECK(place_all(feed).size() == 1);
    }

    TEST_CASE("a clock record of another node places nothing") {
        Feed feed;
        feed.accept(since_boot("b", 1'000, {{0, 1}}), "attic");
        feed.accept(clock_record("b", 61'000, 120'000), "cellar");
        CHECK(place_all(feed).empty());
        CHECK(feed.memory.unplaced.size() == 1);
    }

    TEST_CASE("placing goes in steps as small as the limit says, and places every line once") {
        Feed feed;
        constexpr int kLines = 25;
        for (int i = 0; i < kLines; ++i) feed.accept(since_boot("b", i * 1'000, {{0, 1}}));
        feed.accept(clock_record("b", 61'000, 120'000));
        CHECK(place_all(feed, 4).size() == kLines);
        CHECK(feed.row("a.b", 1h, 0).summary.count == kLines);
        CHECK(feed.memory.unplaced.empty());
        const auto reads = feed.memory.reads;
        CHECK(place_all(feed).empty());
        CHECK(feed.memory.reads == reads);  // The memory is not asked while nothing can be waiting.
    }

    TEST_CASE("a step ends when it has changed enough rows") {
        Feed feed;
        for (int i = 0; i < 10; ++i) feed.accept(since_boot("b", i * 60'000, {{0, 1}}));
        feed.accept(clock_record("b", 0, 0));
        feed.commit();
        const auto placed = feed.engine.place(100, 5);
        REQUIRE(placed);
        CHECK(placed.value().size() < 6);
        CHECK(placed.value().size() + place_all(feed).size() == 10);
    }

    TEST_CASE(
        "lines and their clock record in one commit are found after it, and after forgetting") {
        Feed feed;
        CHECK(place_all(feed).empty());
        feed.accept(since_boot("b", 1'000, {{0, 1}}));
        feed.accept(clock_record("b", 61'000, 120'000));
        feed.commit();
        feed.engine.forget();  // As after a crash.
        CHECK(place_all(feed).size() == 1);
    }

    TEST_CASE("a step that fails to commit is done again, and counts once") {
        Feed feed;
        feed.accept(since_boot("b", 1'000, {{0, 1}}));
        feed.accept(clock_record("b", 61'000, 120'000));
        feed.commit();
        REQUIRE(feed.engine.place(100, 1'000).value().size() == 1);
        feed.engine.take_changes();  // Never reaches the memory.
        feed.engine.forget();
        CHECK(place_all(feed).size() == 1);
        CHECK(feed.row("a.b", 1h, 0).summary.count == 1);
        CHECK(feed.row("a.b", 1h, 0).revision == 1);
    }

    TEST_CASE("windows that had ended are revised, and the watermark does not go back") {
        Feed feed;
        feed.accept(since_boot("b", 1'000, {{0, 5}}));
        feed.accept(clock_record("b", 61'000, 120'000));
        feed.accept(data({raw("a.b", {{60'500, 1}, {300'000, 2}})}));
        const auto watermark = feed.engine.watermark("attic");
        feed.commit();
        CHECK(feed.row("a.b", 1min, 60'000).revision == 1);
        const auto placed = place_all(feed);
        REQUIRE(placed.size() == 1);
        CHECK(placed[0].outcome.late == 1);
        const auto row = feed.row("a.b", 1min, 60'000);
        CHECK(row.revision == 2);
        CHECK(row.late == 1);
        CHECK(row.summary.first == 5);
        CHECK(feed.engine.watermark("attic") == watermark);
        CHECK(feed.memory.nodes.at("attic").clock == wire::ClockState::synced);
    }

    TEST_CASE("of several clock records the one that promises most at the boot is used") {
        const BootTie early{.since_boot = 60s, .utc = at(0), .error = 50ms};
        const BootTie exact{.since_boot = 120s, .utc = at(0), .error = 5ms};
        const BootTie days_later{.since_boot = 72h, .utc = at(0), .error = 1ms};
        CHECK(engine::is_better(early, {}));
        CHECK(engine::is_better(exact, early));
        CHECK_FALSE(engine::is_better(early, exact));
        CHECK_FALSE(engine::is_better(days_later, early));  // It may have drifted by 26 s.
        CHECK_FALSE(engine::is_better(early, early));
        Feed feed;
        feed.accept(clock_record("b", 61'000, 120'000, 500));
        feed.accept(clock_record("b", 71'000, 130'700, 5));
        feed.accept(clock_record("b", 81'000, 141'500, 900));
        feed.accept(since_boot("b", 1'000, {{0, 1}}));
        feed.commit();
        CHECK(feed.row("a.b", 1min, 60'000).first_at == at(60'700));
    }

    TEST_CASE("failed reads since a boot are noted in the windows in which they failed") {
        Feed feed;
        feed.accept(declaration("a.b"));
        const std::string counts = R"({"k":"failed","t":0,"clk":"boot","boot":"b","span":10000,)"
                                   R"("series":{"a.b":{"checksum":{"dt":[0,10000],"n":[2,5]}}}})";
        const std::string fault =
            R"({"k":"fault","t":1000,"clk":"boot","boot":"b","sensor":"a","reason":"checksum"})";
        CHECK(feed.accept(counts).waiting == 1);
        CHECK(feed.accept(fault).waiting == 1);
        feed.accept(clock_record("b", 61'000, 171'500));  // The boot was at 110'500.
        REQUIRE(place_all(feed).size() == 2);
        CHECK(feed.row("a.b", 1min, 60'000).failed == 2);
        CHECK(feed.row("a.b", 1min, 120'000).failed == 5);
    }

    TEST_CASE(
        "a placed partial counts whole in the window of its start, and as coarse if it crosses an "
        "end") {
        const auto ten = [] {
            auto summary = wire::Summary::of(1);
            for (int i = 1; i < 10; ++i) summary.add(i);
            return summary;
        }();
        struct Case {
            std::int64_t start;
            std::int64_t minute;
            std::uint64_t coarse;
        };
        for (const auto& c : {Case{70'300, 60'000, 0}, Case{115'300, 60'000, 10}}) {
            CAPTURE(c.start);
            Feed feed;
            feed.accept(clock_record("b", 61'000, 120'000));
            const auto outcome = feed.accept(wire::encode_record(
                {.body = wire::Data{.at = base::from_milliseconds(c.start - 59'000),
                                    .clock = wire::ClockState::boot,
                                    .boot = "b",
                                    .columns = {partial("a.b", 10s, {{0, ten}})}},
                 .origin = {}}));
            CHECK_FALSE(outcome.refused);
            CHECK(outcome.readings == 10);
            CHECK(outcome.coarse == c.coarse);
            feed.commit();
            const auto row = feed.row("a.b", 1min, c.minute);
            CHECK(row.summary == ten);
            CHECK(row.first_at == at(c.start));
            CHECK(row.last_at == at(std::min<std::int64_t>(c.start + 9'999, 119'999)));
            CHECK(feed.row("a.b", 1h, 0).last_at == at(c.start + 9'999));
        }
    }

    TEST_CASE(
        "beyond its limit a node's records without a clock go into quarantine, with the reason") {
        Feed feed({.unplaced_per_node_max = 2});
        for (int i = 0; i < 3; ++i) {
            const auto outcome = feed.accept(since_boot("b", i, {{0, 1}}));
            CHECK(outcome.waiting == (i < 2 ? 1 : 0));
            CHECK(outcome.refused.has_value() == (i == 2));
        }
        CHECK(feed.accept(since_boot("b", 1, {{0, 1}}), "cellar").waiting == 1);
        feed.commit();
        CHECK(feed.memory.unplaced.size() == 3);
        REQUIRE(feed.memory.quarantined.size() == 1);
        CHECK(feed.memory.quarantined[0].reason.starts_with("unplaced: no clock, and 2 records"));
        feed.accept(clock_record("b", 61'000, 120'000));
        CHECK(place_all(feed).size() == 2);
        CHECK(feed.accept(since_boot("c", 1, {{0, 1}})).waiting == 1);  // There is room again.
    }

    TEST_CASE(
        "a clock record that makes a time no time, or a line that was changed, ends in "
        "quarantine") {
        Feed feed;
        feed.accept(since_boot("b", 9'007'199'254'740'991, {{0, 1}}));
        feed.accept(since_boot("b", 1'000, {{0, 1}}));
        feed.accept(clock_record("b", 0, 0));
        feed.commit();
        feed.memory.unplaced.rbegin()->second.line = "{}";
        const auto placed = place_all(feed);
        REQUIRE(placed.size() == 2);
        CHECK(placed[0].outcome.refused == RefusalKind::out_of_range);
        CHECK(placed[1].outcome.refused == RefusalKind::malformed);
        CHECK(feed.memory.quarantined.size() == 2);
        CHECK(feed.memory.unplaced.empty());
        CHECK(feed.memory.windows.empty());
        CHECK(feed.memory.nodes.at("attic").unplaced == 0);
    }
}
