// Goal: an alert is opened once, closed once, stays one while it flaps, and is never closed by
// silence; one cause is one alert.
#include "central/alerts/desk/desk.hpp"

#include <doctest/doctest.h>

#include "central/alerts/moments.hpp"

using namespace alerts_test;
using alerts::Desk;
using alerts::State;

namespace {

constexpr const char* kSeries = "climate.temperature";

/// A desk that was started long ago, with what it says.
struct World {
    explicit World(alerts::DeskOptions options = {}) : desk(std::move(options)) {
        desk.judge("", {}, after(-1h));
    }
    /// The node's symptoms every ten seconds in [from, to); the changes.
    void judge(base::Duration from, base::Duration to, const Symptoms& symptoms,
               const std::string& node = "attic") {
        for (auto at = from; at < to; at += 10s) {
            desk.judge(node, symptoms, after(at));
            desk.forget(after(at));
            for (auto& alert : desk.take_changed()) told.push_back(std::move(alert));
        }
    }
    std::vector<State> states() const {
        std::vector<State> all;
        for (const auto& alert : told) all.push_back(alert.state);
        return all;
    }

    Desk desk;
    std::vector<alerts::Alert> told;
};

using States = std::vector<State>;

}  // namespace

TEST_CASE("an alert is opened once, and closed once when it has been gone for long enough") {
    World world;
    world.judge(0min, 10min, {symptom("limit", "attic", kSeries)});
    REQUIRE(world.told.size() == 1);
    const auto opened = world.told[0];
    CHECK(opened.state == State::open);
    CHECK(opened.id.size() == 16);
    CHECK(opened.code == "limit");
    CHECK(opened.node == "attic");
    CHECK(opened.series == kSeries);
    CHECK(opened.opened == kNoon);
    CHECK(opened.revision == 1);
    CHECK(opened.times == 1);
    CHECK(world.desk.open() == 1);
    world.judge(10min, 15min, {});
    CHECK(world.told.size() == 1);
    world.judge(15min, 16min, {});
    REQUIRE(world.told.size() == 2);
    CHECK(world.told[1].state == State::closed);
    CHECK(world.told[1].closed == kNoon + 15min);
    CHECK(world.told[1].id == opened.id);
    CHECK(world.told[1].revision == 2);
    CHECK(world.told[1].sentence == opened.sentence);
    CHECK(world.desk.open() == 0);
}

TEST_CASE("what passes before it has lasted opens nothing") {
    World world;
    world.judge(0s, 30s, {critical("redis")}, "");
    world.judge(30s, 60s, {}, "");
    world.judge(60s, 90s, {critical("redis")}, "");
    CHECK(world.told.empty());
    world.judge(90s, 100s, {critical("redis")}, "");
    REQUIRE(world.told.size() == 1);
    CHECK(world.told[0].node.empty());
    CHECK(world.told[0].severity == detect::Severity::critical);
}

TEST_CASE("what comes back before it is closed, or soon after, is the same alert") {
    World world;
    const Symptoms bad{symptom("limit", "attic", kSeries)};
    world.judge(0min, 1min, bad);
    world.judge(1min, 5min, {});
    world.judge(5min, 6min, bad);  // Not closed yet: nothing to tell.
    REQUIRE(world.told.size() == 1);
    world.judge(6min, 30min, {});
    world.judge(30min, 31min, bad);
    CHECK(world.states() == States{State::open, State::closed, State::open});
    CHECK(world.told[2].id == world.told[0].id);
    CHECK(world.told[2].times == 3);
    CHECK(world.told[2].opened == kNoon);
    CHECK_FALSE(world.told[2].closed);
    world.judge(31min, 200min, {});
    world.judge(200min, 201min, bad);
    REQUIRE(world.told.size() == 5);
    CHECK(world.told[4].id != world.told[0].id);
    CHECK(world.told[4].times == 1);
}

TEST_CASE("what flaps for a day is one alert, and few messages") {
    World world;
    for (auto at = 0min; at < 24h; at += 12min) {
        world.judge(at, at + 6min, {symptom("limit", "attic", kSeries)});
        world.judge(at + 6min, at + 12min, {});
    }
    for (const auto& alert : world.told) CHECK(alert.id == world.told[0].id);
    CHECK(world.told.size() <= 8);
    CHECK(world.desk.open() == 1);
    world.judge(24h, 25h + 1min, {});
    CHECK(world.told.back().state == State::closed);
    CHECK(world.told.back().times == 120);
}

TEST_CASE("silence closes no bad value: it is unknown until the node is heard again") {
    World world;
    const auto bad = symptom("limit", "attic", kSeries);
    world.judge(0min, 10min, {bad});
    world.judge(10min, 12min, {symptom("lost"), bad});
    CHECK(world.states() == States{State::open, State::open, State::unknown});
    CHECK(world.told[1].code == "lost");
    CHECK(world.told[2].code == "limit");
    CHECK(world.told[2].sentence == "unknown, was: " + bad.sentence);
    // Not even when nobody knows of the value any more.
    world.judge(12min, 10h, {symptom("lost")});
    CHECK(world.told.size() == 3);
    CHECK(world.desk.open() == 2);
    SUBCASE("it is still bad") {
        world.judge(10h, 10h + 3min, {bad});
        REQUIRE(world.told.size() == 5);
        CHECK(world.told[3].code == "lost");
        CHECK(world.told[3].state == State::closed);
        CHECK(world.told[4].state == State::open);
        CHECK(world.told[4].sentence == bad.sentence);
    }
    SUBCASE("it is well by now") {
        world.judge(10h, 11h, {});
        CHECK(world.states() ==
              States{State::open, State::open, State::unknown, State::closed, State::closed});
        CHECK(world.told.back().sentence == bad.sentence);
    }
}

TEST_CASE("a node that is away for a moment makes nothing unknown") {
    World world;
    const auto bad = symptom("limit", "attic", kSeries);
    world.judge(0min, 10min, {bad});
    world.judge(10min, 10min + 50s, {symptom("lost"), bad});
    world.judge(11min, 20min, {bad});
    CHECK(world.told.size() == 1);
}

TEST_CASE("a node that is away is one alert, however many series it has") {
    World world;
    Symptoms all{symptom("lost")};
    for (int i = 0; i < 20; ++i) all.push_back(symptom("silent", "attic", std::to_string(i)));
    world.judge(0min, 1h, all);
    REQUIRE(world.told.size() == 1);
    CHECK(world.told[0].code == "lost");
    world.judge(1h, 2h, {symptom("disconnected")});  // The same cause, under another name.
    REQUIRE(world.told.size() == 2);
    CHECK(world.told[1].id == world.told[0].id);
    CHECK(world.told[1].code == "disconnected");
}

TEST_CASE("a dead broker is one alert, and gives the nodes time when it is back") {
    for (const std::string part : {"broker", "bridge", "redis", "database"}) {
        CAPTURE(part);
        World world;
        for (auto at = 0s; at < 1h; at += 10s) {
            world.judge(at, at + 10s, {critical(part)}, "");
            for (int node = 0; node < 50; ++node) {
                const auto name = std::to_string(node);
                world.judge(at, at + 10s, {symptom("node_silent", name)}, name);
            }
        }
        REQUIRE(world.told.size() == 1);
        CHECK(world.told[0].code == part);
        world.judge(1h, 1h + 4min, {}, "");
        world.judge(1h, 1h + 4min, {symptom("node_silent", "7")}, "7");
        CHECK(world.states() == States{State::open, State::closed});
        world.judge(1h + 4min, 1h + 6min, {symptom("node_silent", "7")}, "7");
        REQUIRE(world.told.size() == 3);
        CHECK(world.told[2].node == "7");
    }
}

TEST_CASE("a broken line closes no silence") {
    World world;
    world.judge(0min, 5min, {symptom("lost")});
    world.judge(5min, 5min + 10s, {critical("broker")}, "");
    world.judge(6min, 3h, {});  // Nobody says any more that it is lost.
    CHECK(world.told.size() == 1);
    CHECK(world.desk.open() == 1);
    world.judge(3h, 3h + 10s, {}, "");
    world.judge(3h, 3h + 5min, {});
    CHECK(world.states() == States{State::open, State::closed});
}

TEST_CASE("after the start nodes have time to be heard") {
    Desk desk({});
    desk.judge("attic", {symptom("node_silent")}, after(0s));
    desk.judge("attic", {symptom("node_silent")}, after(4min));
    CHECK(desk.open() == 0);
    desk.judge("attic", {symptom("node_silent")}, after(5min));
    CHECK(desk.open() == 1);
}

TEST_CASE("an alert survives a restart with its id, and is not told again") {
    World world;
    const Symptoms bad{symptom("lost"), symptom("limit", "attic", kSeries)};
    world.judge(0min, 5min, {bad[1]});
    world.judge(5min, 10min, bad);
    REQUIRE(world.told.size() == 3);
    World next;
    next.desk.restore({world.told[2], world.told[1]}, after(10min));
    CHECK(next.desk.open() == 2);
    CHECK(next.desk.nodes() == std::set<std::string>{"attic"});
    // The broker's word comes a moment later than the open finding.
    next.judge(10min, 11min, {bad[1]});
    next.judge(11min, 20min, bad);
    CHECK(next.told.empty());
    next.judge(20min, 30min, {});
    CHECK(next.states() == States{State::closed, State::closed});
    for (const auto& alert : next.told) CHECK(alert.times == 1);
    CHECK(next.told[1].id == world.told[0].id);
    CHECK(next.told[1].sentence == bad[1].sentence);
    SUBCASE("and what comes back soon after its end is the same even then") {
        World third;
        third.desk.restore(next.told, after(40min));
        CHECK(third.desk.open() == 0);
        third.judge(40min, 41min, {bad[1]});
        REQUIRE(third.told.size() == 1);
        CHECK(third.told[0].id == world.told[0].id);
        CHECK(third.told[0].revision > next.told[1].revision);
    }
}

TEST_CASE("words that change are told now and then, and at once when it becomes more severe") {
    World world;
    auto bad = symptom("limit", "attic", kSeries);
    for (int i = 0; i < 60; ++i) {
        bad.sentence = std::to_string(i);
        world.judge(i * 1min, i * 1min + 10s, {bad});
    }
    CHECK(world.told.size() == 4);
    CHECK(world.told.back().sentence == "45");
    bad.severity = detect::Severity::critical;
    world.judge(1h, 1h + 10s, {bad});
    REQUIRE(world.told.size() == 5);
    CHECK(world.told.back().severity == detect::Severity::critical);
}

TEST_CASE("several troubles of a node are one alert that names them all") {
    World world;
    auto first = symptom("trouble");
    auto second = first;
    first.sentence = "attic: the card is full";
    second.sentence = "attic: climate: checksum";
    second.advice = "look at it";
    world.judge(0min, 3min, {first, second});
    REQUIRE(world.told.size() == 1);
    CHECK(world.told[0].sentence == "attic: the card is full; attic: climate: checksum");
    CHECK(world.told[0].advice == "look at it");
}

TEST_CASE("rules are on or off; what is only unusual is off unless somebody wants it") {
    const Symptoms odd{symptom("odd", "attic", kSeries), symptom("what a newer leat finds")};
    World world;
    world.judge(0min, 1h, odd);
    CHECK(world.told.empty());
    alerts::DeskOptions options;
    options.rules.insert("odd");
    options.rules.insert("other");
    options.rules.erase("sensor");
    World chosen(options);
    chosen.judge(0min, 1h, odd);
    CHECK(chosen.told.size() == 2);
    chosen.judge(0min, 1h, {symptom("stuck", "hall", kSeries)}, "hall");
    CHECK(chosen.told.size() == 2);
}

TEST_CASE("nine rules are on by default, and what a person set") {
    auto rules = alerts::default_rules();
    CHECK(rules.erase("limit") == 1);
    CHECK(rules == std::set<std::string>{"line", "job", "node_silent", "sensor", "clock", "outbox",
                                         "two_nodes", "node", "quarantine"});
}

TEST_CASE("more alerts than may be open are refused and counted, and open when there is room") {
    World world({.open_max = 2});
    for (const std::string node : {"a", "b", "c"}) {
        world.judge(0min, 1min, {symptom("limit", node)}, node);
    }
    CHECK(world.desk.open() == 2);
    CHECK(world.desk.refused() == 1);
    world.judge(1min, 7min, {}, "a");
    world.judge(7min, 8min, {symptom("limit", "c")}, "c");
    CHECK(world.desk.open() == 2);
    CHECK(world.told.back().node == "c");
    CHECK(world.desk.refused() == 1);
}

TEST_CASE("a silence marks what it covers until it ends, and is a change that can be seen") {
    World world;
    world.judge(0min, 1min, {symptom("limit", "attic", kSeries), symptom("outbox")});
    const alerts::Silence one{
        .id = 1, .node = "attic", .series = kSeries, .from = kNoon, .to = kNoon + 1h, .reason = {}};
    world.desk.heed({one}, after(1min));
    auto changed = world.desk.take_changed();
    REQUIRE(changed.size() == 1);
    CHECK(changed[0].is_silenced);
    CHECK(changed[0].code == "limit");
    CHECK(changed[0].revision == 2);
    world.desk.heed({one}, after(59min));
    CHECK(world.desk.take_changed().empty());
    world.desk.heed({one}, after(1h));
    changed = world.desk.take_changed();
    REQUIRE(changed.size() == 1);
    CHECK_FALSE(changed[0].is_silenced);
    auto whole = one;
    whole.series.clear();
    world.desk.heed({whole}, after(2min));
    CHECK(world.desk.take_changed().size() == 2);
    whole.node = alerts::kEverything;
    world.desk.heed({whole}, after(3min));
    CHECK(world.desk.take_changed().empty());
}
