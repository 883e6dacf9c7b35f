#include "central/service/presence.hpp"

#include <doctest/doctest.h>

#include "central/api/scripted_query.hpp"
#include "wire/status.hpp"

using namespace std::chrono_literals;
using central::Presence;

namespace {

using Names = std::vector<std::string>;

broker::Message message(const std::string& node, const std::string& payload, bool retained) {
    return {.topic = "leat/v1/" + node + "/status", .payload = payload, .retained = retained};
}

std::string status(wire::NodeState state, std::uint64_t records = 4) {
    wire::NodeStatus status;
    status.state = state;
    status.version = "0.1.0";
    status.outbox_records = records;
    status.clock = wire::ClockState::holdover;
    return wire::encode_status(status);
}

struct World {
    base::Counters counters;
    Presence presence{{.topic_root = "leat/v1", .nodes_max = 2, .strangers_max = 3}, counters};

    const views::NodePresence& of(const std::string& node) { return presence.nodes().at(node); }
    double refused(const char* reason) {
        return counters.value("leat_central_status_refused_total", {{"reason", reason}});
    }
};

}  // namespace

TEST_CASE("a status holds state, version, outbox and clock") {
    World world;
    CHECK(world.presence.accept(message("attic", status(wire::NodeState::ready), false), kNoon) ==
          Names{"attic"});
    CHECK(world.of("attic").state == wire::NodeState::ready);
    CHECK(world.of("attic").since == kNoon);
    REQUIRE(world.of("attic").details);
    CHECK(world.of("attic").details->version == "0.1.0");
    CHECK(world.of("attic").details->outbox_records == 4);
    CHECK(world.of("attic").details->clock == wire::ClockState::holdover);
}

TEST_CASE("since is the moment of the change, and unknown when nobody listened") {
    World world;
    world.presence.accept(message("attic", status(wire::NodeState::ready), true), kNoon);
    CHECK_FALSE(world.of("attic").since);
    world.presence.accept(message("attic", wire::encode_will(), false), kNoon + 1min);
    CHECK(world.of("attic").since == kNoon + 1min);
    world.presence.accept(message("attic", wire::encode_will(), false), kNoon + 2min);
    CHECK(world.of("attic").since == kNoon + 1min);
    world.presence.accept(message("attic", wire::encode_will(), true), kNoon + 3min);
    CHECK(world.of("attic").since == kNoon + 1min);
    world.presence.accept(message("attic", status(wire::NodeState::ready), true), kNoon + 4min);
    CHECK_FALSE(world.of("attic").since);
}

TEST_CASE("the will changes the state and keeps what the node said last") {
    World world;
    world.presence.accept(message("attic", status(wire::NodeState::ready), false), kNoon);
    CHECK(world.presence.accept(message("attic", wire::encode_will(), false), kNoon + 1s) ==
          Names{"attic"});
    CHECK(world.of("attic").state == wire::NodeState::lost);
    REQUIRE(world.of("attic").details);
    CHECK(world.of("attic").details->outbox_records == 4);
}

TEST_CASE("a status that changes nothing is ignored") {
    World world;
    world.presence.accept(message("attic", status(wire::NodeState::ready), false), kNoon);
    const auto later = kNoon + 1min;
    CHECK(world.presence.accept(message("attic", status(wire::NodeState::ready), false), later)
              .empty());
    CHECK(world.presence.accept(message("attic", status(wire::NodeState::ready, 5), false),
                                later) == Names{"attic"});
    CHECK(world.of("attic").since == kNoon);
}

TEST_CASE("an empty message removes the node") {
    World world;
    world.presence.accept(message("attic", status(wire::NodeState::ready), false), kNoon);
    CHECK(world.presence.accept(message("attic", "", false), kNoon) == Names{"attic"});
    CHECK(world.presence.nodes().empty());
    CHECK(world.presence.accept(message("attic", "", false), kNoon).empty());
}

TEST_CASE("what cannot be used is refused and counted, and the number of nodes is limited") {
    World world;
    CHECK(world.presence.accept(message("attic", "{", false), kNoon).empty());
    CHECK(world.presence.accept(message("attic", "{\"state\":\"fine\"}", false), kNoon).empty());
    CHECK(world.refused("malformed") == 2);
    CHECK(world.presence.accept({"leat/v1/attic/state", "{}", false}, kNoon).empty());
    CHECK(world.presence.accept({"leat/v1/bridge/status", "{}", false}, kNoon).empty());
    CHECK(world.presence.accept({"other/attic/status", "{}", false}, kNoon).empty());
    CHECK(world.refused("topic") == 3);
    for (const char* node : {"a", "b", "c"}) {
        world.presence.know(node);
        world.presence.accept(message(node, status(wire::NodeState::ready), false), kNoon);
    }
    CHECK(world.presence.nodes().size() == 2);
    CHECK(world.refused("too_many_nodes") == 1);
    CHECK(world.presence.accept(message("a", wire::encode_will(), false), kNoon) == Names{"a"});
}

TEST_CASE("of names that never sent a record only the newest are kept") {
    World world;
    world.presence.know("attic");
    world.presence.accept(message("attic", status(wire::NodeState::ready), false), kNoon);
    for (int i = 0; i < 500; ++i) {
        const auto name = "x-" + std::to_string(i);
        // The one that makes room changes, too: whoever looks at it must hear that it is gone.
        const auto changed = i < 3 ? Names{name} : Names{"x-" + std::to_string(i - 3), name};
        CHECK(world.presence.accept(message(name, status(wire::NodeState::ready), true), kNoon) ==
              changed);
    }
    CHECK(world.presence.nodes().size() == 4);
    CHECK(world.presence.nodes().contains("attic"));
    CHECK(world.presence.nodes().contains("x-499"));
    CHECK_FALSE(world.presence.nodes().contains("x-496"));
    CHECK(world.refused("too_many_strangers") == 497);
    // One that sends a record is a node from then on.
    world.presence.know("x-498");
    for (const char* name : {"y-1", "y-2", "y-3"}) {
        world.presence.accept(message(name, status(wire::NodeState::ready), true), kNoon);
    }
    CHECK(world.presence.nodes().size() == 5);
    CHECK(world.presence.nodes().contains("x-498"));
    CHECK_FALSE(world.presence.nodes().contains("x-499"));
}

namespace {

std::string failing(std::uint64_t failures, std::vector<std::string> faults,
                    std::vector<std::string> alarms = {}) {
    wire::NodeStatus status;
    status.state = wire::NodeState::ready;
    status.version = "0.1.0";
    status.faults = std::move(faults);
    status.alarms = std::move(alarms);
    if (failures > 0) status.counters = {{"leat_agent_faults_total", failures}};
    return wire::encode_status(status);
}

}  // namespace

TEST_CASE("failures are recent until their number has stood still for ten minutes") {
    World world;
    const auto failed_at = [&](std::uint64_t failures, base::Duration after) {
        const std::vector<std::string> faults{"climate: checksum"};
        world.presence.accept(message("attic", failing(failures, faults), false), kNoon + after);
        CHECK(world.of("attic").details->faults == faults);
        return world.of("attic").details->failed_at;
    };
    CHECK_FALSE(failed_at(0, 0s));
    CHECK(failed_at(1, 30s) == kNoon + 30s);
    CHECK(failed_at(1, 10min) == kNoon + 30s);
    CHECK_FALSE(failed_at(1, 10min + 31s));
    CHECK(failed_at(2, 11min) == kNoon + 11min);
    CHECK(failed_at(9, 12min) == kNoon + 12min);
    // After a restart of the node its number begins again.
    CHECK(failed_at(1, 30min) == kNoon + 30min);
}

TEST_CASE("alarms come through, and words in any alphabet come through whole") {
    World world;
    const std::string words = "Fühler: Prüfsumme, 温度";
    world.presence.accept(message("attic", failing(1, {words}, {words}), false), kNoon);
    CHECK(world.of("attic").details->faults.at(0) == words);
    CHECK(world.of("attic").details->alarms.at(0) == words);
    world.presence.accept(message("attic", failing(1, {}), false), kNoon + 1s);
    CHECK(world.of("attic").details->alarms.empty());
}
