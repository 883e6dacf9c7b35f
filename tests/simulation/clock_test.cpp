// Goal: whatever the clock of a node does, each of its readings is counted once, at the time at
// which it was taken, or waits where people see it; none is guessed. Method: the whole line in one
// thread, with windows of 1 ms, so that the database shows every reading's time. The truth is what
// the world knew when the reading was taken, and which clock records the outbox committed.
// Reproduce a failure: SEED=<printed number> build/tests/simulation_clock_test. More of it:
// SEEDS=<how many>.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "simulation/centre.hpp"
#include "simulation/ledger.hpp"
#include "simulation/node.hpp"
#include "sinks/sqlite_query.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using base::Duration;
using wire::ClockState;

constexpr Duration kStep = 250ms;
constexpr const char* kNode = "shed";
constexpr const char* kSeries = "gauge.value";
constexpr Duration kNoBattery = -24h * 365 * 20;

// What the node does not call a step, and rounding.
constexpr Duration kUnnoticed = 105ms;

/// What the database says of the gauge, against the truth.
struct Verdict {
    std::string wrong;           // The first thing that is; empty when all is well.
    std::uint64_t counted = 0;   // Readings.
    std::uint64_t placed = 0;    // Of these: by a clock record.
    std::uint64_t waiting = 0;   // Committed and not counted, as nothing tells when their boot was.
    std::uint64_t unplaced = 0;  // Records that wait, as the node's row tells.
    Duration worst{};            // Distance of a placed time from the true one.
};

class World {
  public:
    explicit World(std::uint64_t seed)
        : random_(seed),
          relay_(random_),
          database_(folder_.file("leat.db")),
          centre_(relay_, clock_, database_, random_, {1ms, 1min, 1h}),
          node_(kNode, relay_, clock_, ledger_, random_) {
        relay_.watch = [this](const broker::Outgoing& message) { hear(message); };
    }

    simulation::Node& node() { return node_; }
    simulation::Centre& centre() { return centre_; }
    simulation::LossyBroker& relay() { return relay_; }
    base::Random& random() { return random_; }
    const std::string& state_topic() const { return state_topic_; }

    void tick() {
        clock_.advance(kStep);
        node_.tick();
        relay_.deliver(64);
        centre_.tick();
        relay_.deliver(64);
    }
    void run(Duration time) {
        for (Duration done{}; done < time; done += kStep) tick();
    }
    void reboot(Duration off_by = kNoBattery) {
        node_.reboot();
        node_.lose_time(off_by);
        node_.start();
    }
    /// The sensors fall silent and everything that can be applied is.
    bool settle() {
        node_.silence();
        for (int i = 0; i < 4'000; ++i) {
            tick();
            if (node_.settled() && i > 200) return true;
        }
        return false;
    }

    Verdict judge() {
        Verdict verdict;
        auto query = sinks::SqliteQuery::open(database_);
        REQUIRE(query);
        const auto rows = query.value()->nodes();
        REQUIRE(rows);
        if (!rows.value().empty()) verdict.unplaced = rows.value()[0].unplaced;
        const auto windows =
            query.value()->windows({.node = kNode,
                                    .series = kSeries,
                                    .span = 1ms,
                                    .from = base::from_milliseconds(-8'000'000'000'000),
                                    .to = base::from_milliseconds(8'000'000'000'000),
                                    .rows_max = 1'000'000});
        REQUIRE(windows);
        std::map<double, base::EventTime> counted;
        for (const auto& [start, row] : windows.value()) {
            if (row.summary.count == 0) continue;
            verdict.counted += row.summary.count;
            counted[row.summary.min] = start;
            counted[row.summary.max] = start;
        }
        for (const auto& told : ledger_.told(kNode, kSeries)) judge(told, counted, verdict);
        if (verdict.wrong.empty() && verdict.counted != counted.size()) {
            verdict.wrong =
                fmt::format("{} values, counted {} times", counted.size(), verdict.counted);
        }
        if (verdict.wrong.empty() &&
            counted.size() + verdict.waiting != ledger_.told(kNode, kSeries).size()) {
            verdict.wrong = "values were counted that nobody committed";
        }
        return verdict;
    }

  private:
    void judge(const simulation::Ledger::Told& told,
               const std::map<double, base::EventTime>& counted, Verdict& verdict) {
        const auto found = counted.find(told.value);
        const bool since_boot = told.clock == ClockState::boot;
        const auto& samples = ledger_.samples(kNode, told.boot);
        const auto& moment = node_.surface().moments.at(told.value);
        if (since_boot && samples.empty()) {
            ++verdict.waiting;
            if (found != counted.end()) verdict.wrong = fmt::format("{} was guessed", told.value);
            return;
        }
        if (found == counted.end()) {
            verdict.wrong = fmt::format("{} is missing", told.value);
            return;
        }
        verdict.placed += since_boot ? 1 : 0;
        const auto truth = since_boot ? moment.really : moment.shown;
        const auto bound = since_boot ? bound_of(samples) : kUnnoticed;
        const auto off = std::chrono::abs(found->second - truth);
        if (since_boot) verdict.worst = std::max(verdict.worst, off);
        if (off > bound) {
            verdict.wrong = fmt::format("{} is off by {} ms, {} are allowed", told.value,
                                        off.count(), bound.count());
        }
    }

    /// The oscillator may be off by 100 ppm between reading and clock record.
    static Duration bound_of(const std::vector<wire::ClockSample>& samples) {
        Duration bound{};
        for (const auto& sample : samples) {
            bound = std::max(bound, sample.error + sample.since_boot / 10'000 + 2ms);
        }
        return bound;
    }

    void hear(const broker::Outgoing& message) {
        centre_.note_acknowledgement(message);
        if (message.topic == wire::Topics{}.state(kNode)) state_topic_ = message.payload;
    }

    support::TemporaryFolder folder_;
    base::Random random_;
    support::ManualClock clock_;
    simulation::LossyBroker relay_;
    std::string database_;
    simulation::Centre centre_;
    simulation::Ledger ledger_;
    simulation::Node node_;
    std::string state_topic_;
};

/// Settles, and all must be well.
Verdict settled(World& world) {
    REQUIRE(world.settle());
    const auto verdict = world.judge();
    REQUIRE_MESSAGE(verdict.wrong.empty(), verdict.wrong);
    CHECK_MESSAGE(world.centre().broken().empty(), world.centre().broken());
    return verdict;
}

}  // namespace

TEST_SUITE("simulation/clock") {
    TEST_CASE("without a battery: readings before the first sync are placed once it came") {
        World world{1};
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
        World world{2};
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
        World world{3};
        world.reboot();
        world.run(120s);
        world.node().step_clock(24h * 365 * 20);  // By hand: nobody vouches for it.
        world.run(60s);
        const auto verdict = settled(world);
        CHECK(verdict.counted == 0);
        CHECK(verdict.waiting > 150);
        CHECK(verdict.unplaced > 60);
    }

    TEST_CASE("synced after a reboot: the boot before waits, the boot after is right") {
        World world{4};
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
        World world{5};
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
        World world{6};
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

void trouble_node(World& world, Happened& happened) {
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

void trouble_clock(World& world, Happened& happened) {
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

void trouble_centre(World& world, Happened& happened) {
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
    World world{seed};
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
