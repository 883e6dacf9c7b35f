// Goal: whatever the clock of a node does, each of its readings is counted once, at the time at
// which it was taken, or waits where people can see it; no time is guessed. Method: the whole line
// in one thread, with windows of 1 ms, so that the database shows every reading's time. The truth
// is when the world saw the reading taken, and which clock records the outbox committed. Reproduce
// a failure: SEED=<printed number> build/tests/simulation_clock_test. For more worlds: SEEDS=<how
// many>.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>

#include "simulation/clock_world.hpp"

namespace {

using namespace std::chrono_literals;
using base::Duration;
using simulation::ClockWorld;
using simulation::kNoBattery;
using simulation::Verdict;
using wire::ClockState;

/// Lets the world settle; then everything must be right.
Verdict settled(ClockWorld& world) {
    REQUIRE(world.settle());
    const auto verdict = world.judge();
    REQUIRE_MESSAGE(verdict.wrong.empty(), verdict.wrong);
    CHECK_MESSAGE(world.centre().broken().empty(), world.centre().broken());
    return verdict;
}

}  // namespace

TEST_SUITE("simulation/clock") {
    TEST_CASE("without a battery: readings before the first sync are placed once it came") {
        ClockWorld world{1};
        world.reboot();
        world.node().set_drift(80);
        world.run(60s);
        const auto before = world.judge();
        CHECK(before.counted == 0);
        CHECK(before.unplaced > 20);
        CHECK(world.node().clock_state() == ClockState::boot);
        CHECK(world.state_topic().find(R"("bt":)") != std::string::npos);
        CHECK(world.state_topic().find(R"("gauge.value":{"value":1,"unit":"/","t":)") ==
              std::string::npos);
        world.node().sync_clock(20ms);
        world.run(60s);
        const auto verdict = settled(world);
        CHECK(verdict.placed > 50);
        CHECK(verdict.counted > verdict.placed + 40);
        CHECK(verdict.waiting == 0);
        CHECK(verdict.unplaced == 0);
        CHECK(verdict.worst > 0ms);
    }

    TEST_CASE("a step forward and a step back change only the readings after them") {
        ClockWorld world{2};
        world.node().sync_clock(5ms);
        for (const Duration step : {Duration{2h}, Duration{-5h}, Duration{3h}}) {
            world.run(20s);
            world.node().step_clock(step);
        }
        world.run(20s);
        const auto verdict = settled(world);
        CHECK(verdict.counted > 70);
        CHECK(verdict.placed == 0);
    }

    TEST_CASE("never synced: everything is kept and visible, nothing is guessed") {
        ClockWorld world{3};
        world.reboot();
        world.run(120s);
        world.node().step_clock(24h * 365 * 20);  // By hand: no time service vouches for it.
        world.run(60s);
        const auto verdict = settled(world);
        CHECK(verdict.counted == 0);
        CHECK(verdict.waiting > 150);
        CHECK(verdict.unplaced > 60);
    }

    TEST_CASE("synced after a reboot: the boot before waits, the boot after is right") {
        ClockWorld world{4};
        world.reboot();
        world.run(30s);
        world.reboot();
        world.run(30s);
        world.node().sync_clock(10ms);
        world.run(30s);
        const auto verdict = settled(world);
        CHECK(verdict.waiting > 20);
        CHECK(verdict.placed > 20);
        CHECK(verdict.counted > verdict.placed + 20);
        CHECK(verdict.unplaced > 5);
    }

    TEST_CASE("a boot that was synced once is not forgotten when the program starts again") {
        ClockWorld world{5};
        world.reboot();
        world.run(20s);
        world.node().sync_clock(10ms);
        world.run(20s);
        world.node().lose_sync();
        world.run(10s);
        world.node().kill();
        world.run(5s);
        world.node().start();
        CHECK(world.node().clock_state() == ClockState::holdover);
        world.run(20s);
        const auto verdict = settled(world);
        CHECK(verdict.waiting == 0);
        CHECK(verdict.placed > 10);
    }

    TEST_CASE("central dies again and again while it places") {
        ClockWorld world{6};
        world.reboot();
        world.run(120s);
        world.node().sync_clock(10ms);
        for (int i = 0; i < 60; ++i) {
            world.run(750ms);
            world.centre().crash_central();
            world.centre().start_central();
        }
        const auto verdict = settled(world);
        CHECK(verdict.placed > 100);
        CHECK(verdict.waiting == 0);
        CHECK(verdict.unplaced == 0);
    }
}

namespace {

struct Happened {
    std::uint64_t reboots = 0;
    std::uint64_t kills = 0;
    std::uint64_t syncs = 0;
    std::uint64_t losses = 0;
    std::uint64_t steps = 0;
    std::uint64_t crashes = 0;
    std::uint64_t counted = 0;
    std::uint64_t placed = 0;
    std::uint64_t waiting = 0;
    Duration worst{};
};

void trouble_node(ClockWorld& world, Happened& happened) {
    auto& random = world.random();
    auto& node = world.node();
    if (!node.running()) {
        if (random.chance(1, 8)) node.start();
        return;
    }
    if (random.chance(1, 150)) {
        world.reboot(-Duration{std::chrono::hours{random.below(200'000)}});
        ++happened.reboots;
    }
    if (random.chance(1, 150)) {
        node.cut_power_after(random.below(40));
        node.lose_time(kNoBattery);
        ++happened.reboots;
    }
    if (random.chance(1, 150)) {
        node.kill();
        ++happened.kills;
    }
}

void trouble_clock(ClockWorld& world, Happened& happened) {
    auto& random = world.random();
    auto& node = world.node();
    if (random.chance(1, 80)) {
        node.sync_clock(Duration{1 + static_cast<std::int64_t>(random.below(40))});
        ++happened.syncs;
    }
    if (random.chance(1, 150)) {
        node.lose_sync();
        ++happened.losses;
    }
    if (random.chance(1, 200) && node.clock_state() != ClockState::boot) {
        node.lose_sync();
        node.step_clock(std::chrono::minutes{random.below(600)} - 5h);
        ++happened.steps;
    }
}

void trouble_centre(ClockWorld& world, Happened& happened) {
    auto& random = world.random();
    auto& centre = world.centre();
    if (!centre.central_up()) {
        if (random.chance(1, 4)) centre.start_central();
    } else if (random.chance(1, 40)) {
        centre.crash_central();
        ++happened.crashes;
    }
}

void run_seed(std::uint64_t seed, Happened& happened) {
    CAPTURE(seed);
    ClockWorld world{seed};
    auto& random = world.random();
    world.relay().faults = {.lose = random.below(100),
                            .repeat = random.below(100),
                            .reorder = random.below(100),
                            .refuse = random.below(50)};
    world.node().set_drift(static_cast<std::int64_t>(random.below(160)) - 80);
    world.reboot();
    for (int step = 0; step < 600; ++step) {
        trouble_node(world, happened);
        trouble_clock(world, happened);
        trouble_centre(world, happened);
        world.tick();
    }
    world.relay().faults = {};
    world.node().cut_power_after(std::numeric_limits<std::uint64_t>::max());
    while (!world.node().running()) world.node().start();
    if (!world.centre().central_up()) world.centre().start_central();
    const auto verdict = settled(world);
    happened.counted += verdict.counted;
    happened.placed += verdict.placed;
    happened.waiting += verdict.waiting;
    happened.worst = std::max(happened.worst, verdict.worst);
}

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::stoull(text) : fallback;
}

}  // namespace

TEST_CASE("whatever clocks, nodes and central do, no reading is lost, guessed or counted twice") {
    Happened happened;
    if (const auto seed = number_from("SEED", 0); seed != 0) return run_seed(seed, happened);
    const auto seeds = number_from("SEEDS", 100);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) run_seed(seed, happened);
    std::cout << fmt::format(
        "{} seeds: {} readings counted, {} of them placed, off by {} ms at most, {} waiting; {} "
        "reboots, {} kills, {} syncs, {} losses of sync, {} steps, {} crashes of central\n",
        seeds, happened.counted, happened.placed, happened.worst.count(), happened.waiting,
        happened.reboots, happened.kills, happened.syncs, happened.losses, happened.steps,
        happened.crashes);
    CHECK(happened.placed > seeds * 10);
    CHECK(happened.waiting > seeds * 10);
    CHECK(happened.counted > 2 * happened.placed);
    for (const auto count : {happened.reboots, happened.kills, happened.syncs, happened.losses,
                             happened.steps, happened.crashes}) {
        CHECK(count > seeds);
    }
}
