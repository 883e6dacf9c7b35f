// Goal: how often readings were due is known for every time, as it was declared then.

#include <doctest/doctest.h>

#include "central/dimensions/cadence.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;
using namespace std::chrono_literals;

namespace {

std::string declared(std::optional<base::Duration> period,
                     std::optional<wire::Situation> situation = {}) {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = "a.b",
                                                                .quantity = "temperature",
                                                                .unit = "Cel",
                                                                .driver = "dht11",
                                                                .least = {},
                                                                .most = {},
                                                                .resolution = {},
                                                                .period = period,
                                                                .situation = std::move(situation)},
                                .origin = {}});
}

wire::Situation synced(std::int64_t ms) {
    return {.at = at(ms), .boot = {}, .location = {}, .tags = {}};
}

wire::Situation since_boot(std::int64_t ms) {
    return {.at = base::from_milliseconds(ms),
            .clock = wire::ClockState::boot,
            .boot = "b",
            .location = {},
            .tags = {}};
}

/// The boot "b" had lasted 6 s at at(301'000): what waited for that is placed.
void place(Feed& feed) {
    const wire::ClockSample sample{
        .boot = "b", .since_boot = 6'000ms, .utc = at(301'000), .error = 10ms};
    feed.accept(wire::encode_record({.body = sample, .origin = {}}));
    feed.commit();
    REQUIRE(feed.engine.place(100, 100'000));
}

/// What holds at that time, after a commit and a restart of the centre.
dimensions::Cadence cadence_at(Feed& feed, std::int64_t ms) {
    feed.commit();
    const auto row = feed.memory.all_series.at({"attic", "a.b"});
    if (row.periods.empty()) return {.period = row.declared.period};
    return dimensions::cadence_in(row.periods, at(ms), at(ms + 1));
}

}  // namespace

TEST_SUITE("engine/periods") {
    TEST_CASE("a change of the period holds from the time of its declaration on") {
        Feed feed;
        feed.accept(declared(60s, synced(0)));
        feed.accept(declared(60s, synced(100'000)));
        CHECK(feed.memory.all_series.empty());
        feed.accept(declared(10s, synced(200'000)));
        CHECK(cadence_at(feed, 199'999).period == 60s);
        CHECK(cadence_at(feed, 200'000).period == 10s);
        CHECK(cadence_at(feed, 200'000).since == at(200'000));
    }

    TEST_CASE("nothing is kept of a series whose period never changed") {
        Feed feed;
        for (int start = 0; start < 5; ++start) feed.accept(declared(60s, synced(start * 1'000)));
        CHECK(cadence_at(feed, 0).period == 60s);
        CHECK(feed.memory.all_series.at({"attic", "a.b"}).periods.empty());
    }

    TEST_CASE("a declaration without a time holds for the readings after it") {
        Feed feed;
        feed.accept(declared(60s));
        feed.accept(readings("a.b", {{30'000, 1}}));
        feed.accept(declared(10s));
        CHECK(cadence_at(feed, 30'000).period == 60s);
        CHECK(cadence_at(feed, 30'001).period == 10s);
    }

    TEST_CASE("a declaration that waits for a clock holds from its time on, once it is known") {
        Feed feed;
        feed.accept(declared(60s, synced(0)));
        feed.accept(declared(10s, since_boot(5'000)));
        CHECK(cadence_at(feed, 900'000).period == 60s);
        place(feed);
        CHECK(cadence_at(feed, 299'999).period == 60s);
        CHECK(cadence_at(feed, 300'000).period == 10s);
    }

    TEST_CASE("a clock that is behind changes no period of readings that were there before") {
        Feed feed;
        feed.accept(declared(60s, synced(0)));
        feed.accept(readings("a.b", {{300'000, 1}}));
        feed.accept(declared(10s, synced(100'000)));
        CHECK(cadence_at(feed, 150'000).period == 60s);
        CHECK(cadence_at(feed, 300'000).period == 60s);
        CHECK(cadence_at(feed, 300'001).period == 10s);
    }

    TEST_CASE("a declaration that is refused holds for the readings after it") {
        Feed feed({.spans = {1min, 1h}, .unplaced_per_node_max = 1});
        feed.accept(declared(60s, synced(0)));
        feed.accept(readings("a.b", {{300'000, 1}}));
        feed.accept(declared(60s, since_boot(1'000)));
        CHECK(feed.accept(declared(10s, since_boot(2'000))).refused);
        CHECK(cadence_at(feed, 300'000).period == 60s);
        CHECK(cadence_at(feed, 300'001).period == 10s);
    }

    TEST_CASE("a clock that was set back brings no older period back") {
        Feed feed;
        feed.accept(declared(60s, synced(0)));
        feed.accept(declared(10s, synced(200'000)));
        feed.accept(readings("a.b", {{300'000, 1}}));
        feed.accept(declared(30s, synced(100'000)));
        CHECK(cadence_at(feed, 150'000).period == 60s);
        CHECK(cadence_at(feed, 300'000).period == 10s);
        CHECK(cadence_at(feed, 300'001).period == 30s);
    }

    TEST_CASE("a clock that is ahead cannot declare for the future, nor spoil what comes later") {
        const std::int64_t year = std::int64_t{365} * 86'400'000;
        Feed feed;
        feed.accept(declared(60s, synced(0)));
        feed.accept(readings("a.b", {{100'000, 1}}));
        feed.accept(declared(10s, synced(9 * year)));
        feed.accept(declared(30s, synced(200'000)));
        CHECK(cadence_at(feed, 100'000).period == 60s);
        CHECK(cadence_at(feed, 199'999).period == 10s);
        CHECK(cadence_at(feed, 200'000).period == 30s);
        CHECK(cadence_at(feed, 8 * year).period == 30s);
    }

    TEST_CASE("what waited for a clock holds until the next declaration, also if that is no news") {
        Feed feed;
        feed.accept(declared(10s, synced(0)));
        feed.accept(declared(60s, since_boot(5'000)));
        feed.accept(declared(10s, synced(600'000)));
        feed.accept(declared(20s, synced(900'000)));
        place(feed);
        CHECK(cadence_at(feed, 300'000).period == 60s);
        CHECK(cadence_at(feed, 600'000).period == 10s);
        CHECK(cadence_at(feed, 900'000).period == 20s);
    }
}
