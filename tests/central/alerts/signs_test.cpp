// Goal: what shows only over a time is noticed, not too early, and not when nobody could know.
#include "central/alerts/office/signs.hpp"

#include <doctest/doctest.h>

#include "central/alerts/moments.hpp"
#include "central/engine/made_rows.hpp"

using namespace alerts_test;
using alerts::Signs;

namespace {

const auto kLongAgo = after(-240h).instant;

/// A node with one series of a period of ten seconds, whose last record came at noon.
struct World {
    World() {
        row = node_row("attic", alerts_test::kNoon);
        row.applied.seq = 7;
        row.stored_at = alerts_test::kNoon;
        series = series_row("attic", "a.x", alerts_test::kNoon - 1h, alerts_test::kNoon);
        series.declared.period = 10s;
        presence.state = wire::NodeState::ready;
        presence.details = views::NodeDetails{.version = "1"};
        at(0s);
    }
    views::NodeSigns at(base::Duration time, std::optional<base::Instant> whole_since = kLongAgo) {
        const views::NodeView view{
            .node = "attic", .row = &row, .presence = &presence, .series = {&series}};
        return signs.of(view, whole_since, after(time));
    }
    void use(std::uint64_t incarnation, base::Duration time) {
        engine::Changes changes;
        changes.nodes["attic"] = row;
        changes.nodes["attic"].incarnation = {incarnation};
        signs.accept(changes, after(time).instant);
    }
    void refuse(const std::string& reason, base::Duration time) {
        engine::Changes changes;
        changes.quarantined.push_back({.node = "attic",
                                       .incarnation = {1},
                                       .seq = 1,
                                       .line = "{}",
                                       .reason = reason,
                                       .received = alerts_test::kNoon,
                                       .parts = {}});
        signs.accept(changes, after(time).instant);
    }

    engine::NodeRow row;
    engine::SeriesRow series;
    views::NodePresence presence;
    Signs signs{{}};
};

}  // namespace

TEST_CASE("a connected node without records is silent after a time, until a record comes") {
    World world;
    CHECK_FALSE(world.at(20min).silent_since);
    CHECK(world.at(20min + 1s).silent_since == alerts_test::kNoon);
    CHECK(world.at(21min, std::nullopt).silent_since);  // A broken line closes no silence.
    CHECK(world.at(22min, after(22min).instant).silent_since);
    world.row.stored_at += 22min;
    CHECK_FALSE(world.at(23min).silent_since);
}

TEST_CASE("a node whose series need longer is silent later; one without periods never is") {
    World world;
    world.series.declared.period = 1h;
    CHECK_FALSE(world.at(3h).silent_since);
    CHECK(world.at(3h + 1s).silent_since);
    World other;
    other.series.declared.period.reset();
    CHECK_FALSE(other.at(100h).silent_since);
}

TEST_CASE("nobody is silent who could not be heard, or need not speak") {
    World world;
    CHECK_FALSE(world.at(1h, std::nullopt).silent_since);
    CHECK_FALSE(world.at(1h, after(45min).instant).silent_since);
    CHECK(world.at(1h + 6min, after(45min).instant).silent_since);
    for (const auto state : {wire::NodeState::sleeping, wire::NodeState::lost}) {
        World other;
        other.presence.state = state;
        CHECK_FALSE(other.at(10h).silent_since);
    }
    World fresh;
    fresh.row.applied.seq = 0;
    CHECK_FALSE(fresh.at(10h).silent_since);
}

TEST_CASE("a centre whose clock is set calls no node silent for that, and hears a silent one") {
    World world;
    const views::NodeView view{
        .node = "attic", .row = &world.row, .presence = &world.presence, .series = {&world.series}};
    const auto silent_at = [&](base::Duration instant, base::Duration time) {
        const alerts::Moment moment{after(instant).instant, after(time).time};
        return world.signs.of(view, kLongAgo, moment).silent_since.has_value();
    };
    CHECK_FALSE(silent_at(1min, 240h));
    CHECK(silent_at(21min, -240h));
}

TEST_CASE("a node that was silent before a restart is so until it is heard") {
    World world;
    world.signs.remember_silent("attic");
    CHECK(world.at(1s, std::nullopt).silent_since == alerts_test::kNoon);
    world.row.stored_at += 5s;
    CHECK_FALSE(world.at(6s).silent_since);
}

TEST_CASE("two nodes have one name when an old incarnation comes back") {
    World world;
    world.use(1, 0s);
    world.use(2, 1s);  // It began anew.
    world.use(2, 2s);
    CHECK_FALSE(world.at(3s).doubled_since);
    world.use(1, 3s);
    CHECK(world.at(4s).doubled_since == alerts_test::kNoon + 4s);
    CHECK(world.at(30min).doubled_since == alerts_test::kNoon + 4s);
    CHECK_FALSE(world.at(61min).doubled_since);
}

TEST_CASE("a conflict is a sign of a copied card, and not of a rule that is broken") {
    World world;
    for (int i = 0; i < 20; ++i) world.refuse("conflict: another record was applied", 0s);
    CHECK(world.at(1s).doubled_since);
    CHECK_FALSE(world.at(1s).refused_since);
}

TEST_CASE("many records set aside within an hour are told, with the last reason") {
    World world;
    for (int i = 0; i < 9; ++i) world.refuse("rule_range: a.x", 0s);
    for (int i = 0; i < 50; ++i) world.refuse("series_limit: a.x", 0s);  // Told by itself.
    CHECK_FALSE(world.at(1s).refused_since);
    world.refuse("rule_step: a.x", 1min);
    CHECK(world.at(1min).refused_since);
    CHECK(world.at(1min).refused == "rule_step: a.x");
    CHECK_FALSE(world.at(1h).refused_since);  // No ten within an hour any more.
    CHECK(world.at(1h).refused.empty());
}

TEST_CASE("an outbox grows that has more than half an hour ago and does not fall") {
    World world;
    auto& waiting = world.presence.details->outbox_records;
    const auto run = [&](base::Duration from, base::Duration to, std::uint64_t begin,
                         double a_minute) {
        bool is_growing = false;
        for (auto at = from; at < to; at += 1min) {
            const auto minutes = static_cast<double>((at - from) / 1min);
            waiting = begin + static_cast<std::uint64_t>(a_minute * minutes + 0.5);
            is_growing = world.at(at, std::nullopt).outbox_grows_since.has_value();
        }
        return is_growing;
    };
    SUBCASE("growing slowly, from nothing") {
        CHECK_FALSE(run(0min, 45min, 0, 20));
        CHECK(run(45min, 90min, 900, 20));
    }
    SUBCASE("few are no backlog") {
        CHECK_FALSE(run(0min, 3h, 0, 5));
    }
    SUBCASE("filled at once, and empties") {
        run(0min, 1h, 3, 0);
        for (auto at = 1h + 0min; at < 3h; at += 1min) {
            waiting = 50'000 - 400 * static_cast<std::uint64_t>((at - 1h) / 1min);
            CHECK_FALSE(world.at(at, std::nullopt).outbox_grows_since);
        }
    }
    SUBCASE("back after a day away, with a day's records") {
        run(0min, 1h, 3, 0);
        world.presence.state = wire::NodeState::lost;
        world.at(1h);
        world.presence.state = wire::NodeState::ready;
        CHECK_FALSE(run(25h, 25h + 29min, 80'000, 0));
    }
    SUBCASE("it grows until it is empty") {
        CHECK(run(0min, 90min, 0, 50));
        CHECK_FALSE(run(90min, 95min, 10, 0));
    }
}
