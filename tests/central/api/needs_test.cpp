#include "central/views/needs.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

namespace {

std::vector<std::string> codes(World& world) {
    std::vector<std::string> all;
    const auto json = parsed(world.get("/api/v1/nodes"));
    for (const auto& need : json.find("items")->array.at(0).find("needs")->array) {
        all.push_back(need.find("code")->string);
        CHECK_FALSE(need.find("sentence")->string.empty());
    }
    return all;
}

using Codes = std::vector<std::string>;

views::NodePresence presence(wire::NodeState state) {
    return {.state = state,
            .since = kNoon,
            .details = views::NodeDetails{
                .version = "1", .outbox_records = 0, .clock = wire::ClockState::synced}};
}

}  // namespace

TEST_CASE("a node that is well, or sleeps, needs nothing") {
    World world;
    CHECK(codes(world).empty());
    world.presences["attic"] = presence(wire::NodeState::ready);
    CHECK(codes(world).empty());
    world.presences["attic"] = presence(wire::NodeState::sleeping);
    CHECK(codes(world).empty());
}

TEST_CASE("a sensor that fails is one need, although its series is silent, too") {
    World world;
    world.presences["attic"] = presence(wire::NodeState::ready);
    world.presences["attic"].details->alarms = {"climate: checksum", "clim: checksum"};
    detect::Finding failing;
    failing.code = detect::Code::failing;
    failing.sentence = "attic/climate.temperature: all reads fail";
    auto silent = failing;
    silent.code = detect::Code::silent;
    world.query.finding_rows = {
        {.id = 1, .node = "attic", .series = "climate.temperature", .finding = silent},
        {.id = 2, .node = "attic", .series = "climate.temperature", .finding = failing},
        {.id = 3, .node = "attic", .series = "climate.humidity", .finding = silent}};
    // Of another sensor, of humidity, and one.
    CHECK(codes(world) == Codes{"trouble", "silent", "failing"});
}

TEST_CASE("a node says what it needs, the most urgent first, and since when") {
    World world;
    world.presences["attic"] = presence(wire::NodeState::lost);
    world.presences["attic"].details->clock = wire::ClockState::boot;
    world.presences["attic"].details->alarms = {"the card is full"};
    detect::Finding finding;
    finding.code = detect::Code::failing;
    finding.from = kNoon;
    finding.sentence = "attic/climate.temperature: all reads fail";
    world.query.finding_rows = {
        {.id = 1, .node = "attic", .series = "climate.temperature", .finding = finding}};
    world.query.quarantine = {{.reason = "malformed", .records = 3, .detail = "no record"},
                              {.reason = "series_limit", .records = 2, .detail = "too many"}};
    CHECK(codes(world) == Codes{"lost", "clock", "trouble", "failing", "quarantine"});
    const auto body = world.get("/api/v1/nodes").body;
    CHECK(body.find(R"({"code":"failing","sentence":"attic/climate.temperature: all reads fail",)"
                    R"("since":1763640000000,"series":"attic/climate.temperature"})") !=
          std::string::npos);
    CHECK(body.find(R"("code":"lost","sentence":"attic: the broker lost it)") != std::string::npos);
}

TEST_CASE("what has ended, and what is only a notice, needs nobody") {
    World world;
    detect::Finding finding;
    finding.from = kNoon;
    finding.sentence = "x";
    finding.severity = detect::Severity::notice;
    auto ended = finding;
    ended.severity = detect::Severity::critical;
    ended.ended = kNoon + 1min;
    for (const auto& one : {finding, ended}) {
        world.query.finding_rows.push_back(
            {.id = 1, .node = "attic", .series = "climate.temperature", .finding = one});
    }
    CHECK(codes(world).empty());
}

TEST_CASE("a clock that is ahead is told while readings come from the future, and not for ever") {
    World world;
    auto& series = world.query.series_rows.at(0);
    auto& node = world.query.node_rows.at(0);
    series.ahead = engine::AheadRow{.at = node.stored_at + 72h, .value = 1, .readings = 5};
    series.last_at = node.stored_at - 1h;
    CHECK(codes(world) == Codes{"clock"});
    series.last_at = node.stored_at - 1min;
    CHECK(codes(world).empty());
}

TEST_CASE("what shows only over a time is a need, with what to do about it") {
    World world;
    auto& node = world.presences["attic"] = presence(wire::NodeState::ready);
    node.signs = {.silent_since = kNoon,
                  .doubled_since = kNoon,
                  .outbox_grows_since = kNoon,
                  .refused_since = kNoon,
                  .refused = "rule_range: -127 is below -40"};
    node.details->outbox_records = 12'345;
    node.details->disk_days_left = 30;
    CHECK(codes(world) == Codes{"node_silent", "card", "two_nodes", "outbox", "quarantine"});
    const auto body = world.get("/api/v1/nodes").body;
    CHECK(body.find("attic: 12345 records wait in its outbox") != std::string::npos);
    CHECK(body.find("rule_range: -127 is below -40") != std::string::npos);
    CHECK(body.find(R"("advice":"leat-central quarantine list")") != std::string::npos);
    node.details->disk_days_left = 31;
    node.signs = {.silent_since = kNoon};
    node.state = wire::NodeState::lost;  // Then nobody need say that it is silent.
    CHECK(codes(world) == Codes{"lost"});
}
