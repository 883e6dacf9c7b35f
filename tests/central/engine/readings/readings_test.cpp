// Goal: every reading that counts in a window also stands in a block, once, with the record that it
// came in; blocks are in order of time and never cross an hour.
#include <doctest/doctest.h>

#include <algorithm>

#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHour = 3'600'000;

std::vector<engine::SeriesBlocks> taken(Feed& feed) {
    return feed.engine.take_changes().readings;
}

std::string data(std::int64_t ms, const std::vector<wire::Column>& columns,
                 wire::ClockState clock = wire::ClockState::synced) {
    return wire::encode_record(
        {.body = wire::Data{.at = at(ms), .clock = clock, .boot = {}, .columns = columns},
         .origin = {}});
}

std::vector<engine::Single> singles(const Points& points) {
    std::vector<engine::Single> all;
    for (const auto& [ms, value] : points) all.push_back({.at = at(ms), .value = value});
    return all;
}

}  // namespace

TEST_CASE("a column becomes one block, with its record and its clock") {
    Feed feed;
    feed.accept(data(1'000, {raw("room.temperature", {{0, 20.5}, {2'000, 20.6}})},
                     wire::ClockState::holdover));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    CHECK(series[0].node == "attic");
    CHECK(series[0].series == "room.temperature");
    REQUIRE(series[0].blocks.size() == 1);
    const auto& block = series[0].blocks[0];
    CHECK(block.origin == engine::ReadingOrigin{.incarnation = {1},
                                                .seq = 1,
                                                .received = at(kHour),
                                                .clock = wire::ClockState::holdover});
    CHECK(block.readings == singles({{1'000, 20.5}, {3'000, 20.6}}));
    CHECK(block.first_at == at(1'000));
    CHECK(block.last_at == at(3'000));
    CHECK(block.summarised == 0);
    CHECK_FALSE(block.is_ahead);
    CHECK(taken(feed).empty());
}

TEST_CASE("after a fork a record keeps the number that it had first") {
    Feed feed;
    wire::Record record{.body = wire::Data{.at = at(0),
                                           .clock = wire::ClockState::synced,
                                           .boot = {},
                                           .columns = {raw("room.temperature", {{0, 1}})}},
                        .origin = wire::Origin{.incarnation = {77}, .seq = 12, .hash = {}}};
    feed.accept(wire::encode_record(record));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    CHECK(series[0].blocks[0].origin.incarnation == wire::Incarnation{77});
    CHECK(series[0].blocks[0].origin.seq == 12);
}

TEST_CASE("a block ends with its hour, and readings are put in order") {
    Feed feed;
    feed.accept(data(kHour - 1'000, {raw("room.temperature", {{1'000, 3}, {0, 1}, {500, 2}})}),
                "attic", at(2 * kHour));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    REQUIRE(series[0].blocks.size() == 2);
    CHECK(series[0].blocks[0].readings == singles({{kHour - 1'000, 1}, {kHour - 500, 2}}));
    CHECK(series[0].blocks[1].readings == singles({{kHour, 3}}));
}

TEST_CASE("what is later than its arrival allows is ahead, in a block of its own") {
    Feed feed;
    feed.accept(data(0, {raw("room.temperature", {{0, 1}, {10 * kMinuteMs, 2}})}), "attic", at(0));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    REQUIRE(series[0].blocks.size() == 2);
    CHECK_FALSE(series[0].blocks[0].is_ahead);
    CHECK(series[0].blocks[1].is_ahead);
}

TEST_CASE("of partials it is known how many readings they stand for, and when") {
    Feed feed;
    wire::Summary three;
    for (const double value : {1.0, 2.0, 4.0}) three.add(value);
    feed.accept(data(0, {partial("room.temperature", 60s,
                                 {{0, three}, {kMinuteMs, three}, {kHour, three}})}),
                "attic", at(2 * kHour));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    REQUIRE(series[0].blocks.size() == 2);
    CHECK(series[0].blocks[0].readings.empty());
    CHECK(series[0].blocks[0].summarised == 6);
    CHECK(series[0].blocks[0].first_at == at(0));
    CHECK(series[0].blocks[0].last_at == at(2 * kMinuteMs));
    CHECK(series[0].blocks[1].summarised == 3);
}

TEST_CASE("what a rule sets aside is in no block until it counts") {
    engine::EngineOptions options{.spans = {std::chrono::minutes{1}, std::chrono::hours{1}}};
    validation::Rule rule;
    rule.most = 50;
    options.rules = validation::Rules{{{.match = "*", .quantity = {}, .rule = rule}}};
    Feed feed{std::move(options)};
    feed.accept(data(0, {raw("room.temperature", {{0, 20}, {1'000, 400}, {2'000, 21}})}));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    REQUIRE(series[0].blocks.size() == 1);
    CHECK(series[0].blocks[0].readings == singles({{0, 20}, {2'000, 21}}));
}

TEST_CASE("of a quantity that is switched off no single reading is kept") {
    engine::EngineOptions options{.spans = {std::chrono::minutes{1}, std::chrono::hours{1}}};
    options.singles.exceptions = {"motion"};
    Feed feed{std::move(options)};
    for (const auto* quantity : {"motion", "temperature"}) {
        feed.accept(wire::encode_record(
            {.body = wire::SeriesDeclaration{.series = std::string{"room."} + quantity,
                                             .quantity = quantity,
                                             .unit = "/",
                                             .driver = "pir",
                                             .least = {},
                                             .most = {},
                                             .resolution = {},
                                             .period = {}},
             .origin = {}}));
    }
    feed.accept(data(0, {raw("room.motion", {{0, 1}}), raw("room.temperature", {{0, 20}})}));
    const auto series = taken(feed);
    REQUIRE(series.size() == 1);
    CHECK(series[0].series == "room.temperature");
    CHECK(series[0].blocks.size() == 1);
}

TEST_CASE("an engine that forgets gives no reading twice") {
    Feed feed;
    feed.accept(data(0, {raw("room.temperature", {{0, 20}})}));
    feed.engine.forget();
    CHECK(taken(feed).empty());
}
