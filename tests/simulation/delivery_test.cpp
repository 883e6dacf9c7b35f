// Goal: from a node's commit on, every reading is counted exactly once, whatever dies.
// Method: the whole line in one thread (real agents over real SQLite on a disk that loses its
// power, a lossy broker, the real bridge over a model of Redis, the real pipeline, engine and
// SQLite sink), with every fault drawn from one seed; then the faults stop and the world settles.
// The truth is a ledger of what the outboxes committed. Reproduce a failure: SEED=<printed number>
// build/tests/simulation_test. For more worlds: SEEDS=<how many>. A share of the worlds has a real
// Redis with leat.lua: REDIS_SEEDS=<how many>.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "simulation/centre.hpp"
#include "simulation/ledger.hpp"
#include "simulation/node.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int kFaultySteps = 400;
constexpr int kFaultyStepsUnderPressure = 800;
constexpr int kSettlingStepsMax = 6000;
constexpr base::Duration kStep = 250ms;

struct Happened {
    std::uint64_t lost = 0;
    std::uint64_t repeated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t power_cuts = 0;
    std::uint64_t kills = 0;
    std::uint64_t broker_crashes = 0;
    std::uint64_t redis_crashes = 0;
    std::uint64_t redis_emptied = 0;
    std::uint64_t bridge_crashes = 0;
    std::uint64_t central_crashes = 0;
    std::uint64_t readings = 0;
    std::uint64_t failed = 0;
    std::uint64_t thinned = 0;
    std::uint64_t evicted = 0;
    std::uint64_t holes = 0;
};

class World {
  public:
    World(std::uint64_t seed, const std::string& database, simulation::RedisKind redis)
        : random_(seed),
          relay_(random_),
          centre_(relay_, clock_, database, random_, engine::EngineOptions{}.spans, redis) {
        relay_.watch = [this](const broker::Outgoing& message) {
            centre_.note_acknowledgement(message);
        };
        relay_.faults = {.lose = random_.below(150),
                         .repeat = random_.below(100),
                         .reorder = random_.below(200),
                         .refuse = random_.below(50)};
        under_pressure_ = random_.chance(1, 8);
        const auto nodes = 1 + random_.below(2);
        for (std::uint64_t i = 0; i < nodes; ++i) {
            nodes_.push_back(std::make_unique<simulation::Node>(
                fmt::format("node-{}", i), relay_, clock_, ledger_, random_, under_pressure_));
        }
    }

    void run() {
        const auto steps = under_pressure_ ? kFaultyStepsUnderPressure : kFaultySteps;
        for (int step = 0; step < steps; ++step) {
            break_something();
            tick();
        }
        heal();
        for (int step = 0; step < kSettlingStepsMax && !settled(); ++step) tick();
    }

    bool settled() const {
        for (const auto& node : nodes_) {
            if (!node->settled()) return false;
        }
        return true;
    }

    std::string where_it_stands() const {
        std::string text;
        for (const auto& node : nodes_) {
            text += fmt::format("running {} head {} applied {}; ", node->running(), node->head(),
                                node->applied());
        }
        return text;
    }

    void count_into(Happened& happened) const {
        happened.lost += relay_.lost();
        happened.repeated += relay_.repeated();
        happened.reordered += relay_.reordered();
        for (const auto& node : nodes_) happened.power_cuts += node->power_cuts();
        happened.kills += happened_.kills;
        happened.broker_crashes += happened_.broker_crashes;
        happened.redis_crashes += happened_.redis_crashes;
        happened.redis_emptied += happened_.redis_emptied;
        happened.bridge_crashes += happened_.bridge_crashes;
        happened.central_crashes += happened_.central_crashes;
        happened.readings += ledger_.readings();
        for (const auto& node : nodes_) {
            happened.thinned += node->thinned();
            happened.evicted += node->evicted();
            if (node->holes() > 0) ++happened.holes;
        }
    }

    simulation::Centre& centre() { return centre_; }
    const simulation::Ledger& ledger() const { return ledger_; }
    const std::vector<std::unique_ptr<simulation::Node>>& nodes() const { return nodes_; }

  private:
    void tick() {
        clock_.advance(kStep);
        for (auto& node : nodes_) node->tick();
        relay_.deliver(64);
        centre_.tick();
        relay_.deliver(64);
    }

    void break_something() {
        for (auto& node : nodes_) {
            if (!node->running()) {
                if (random_.chance(1, 10)) node->start();
                continue;
            }
            if (random_.chance(1, 100)) node->cut_power_after(random_.below(40));
            if (random_.chance(1, 300)) {
                node->kill();
                ++happened_.kills;
            }
            if (random_.chance(1, 200)) {
                node->step_clock(std::chrono::minutes{static_cast<int>(random_.below(600))} - 5h);
            }
        }
        break_broker();
        break_redis();
        for (std::size_t i = 0; i < centre_.bridges(); ++i) break_bridge(i);
        break_central();
    }

    void break_broker() {
        if (!relay_.up()) {
            if (random_.chance(1, outage_)) relay_.start();
        } else if (random_.chance(1, 120)) {
            relay_.crash();
            ++happened_.broker_crashes;
            // Long enough to fill a small outbox.
            outage_ = under_pressure_ && random_.chance(1, 2) ? 200 : 8;
        }
    }

    void break_redis() {
        if (!centre_.redis_up()) {
            if (random_.chance(1, 8)) centre_.start_redis();
        } else if (random_.chance(1, 120)) {
            centre_.crash_redis();
            ++happened_.redis_crashes;
        } else if (random_.chance(1, 300)) {
            centre_.empty_redis();
            ++happened_.redis_emptied;
        } else if (random_.chance(1, 40)) {
            constexpr fake::FailPoint kPoints[] = {fake::FailPoint::before_write,
                                                   fake::FailPoint::after_write,
                                                   fake::FailPoint::after_barrier};
            centre_.redis().fail_next(kPoints[random_.below(3)]);
        }
    }

    void break_bridge(std::size_t index) {
        if (!centre_.bridge_up(index)) {
            if (random_.chance(1, 8)) centre_.start_bridge(index);
        } else if (random_.chance(1, 100)) {
            centre_.crash_bridge(index);
            ++happened_.bridge_crashes;
        }
    }

    void break_central() {
        if (!centre_.central_up()) {
            if (random_.chance(1, 8)) centre_.start_central();
        } else if (random_.chance(1, 80)) {
            centre_.crash_central();
            ++happened_.central_crashes;
        }
    }

    void heal() {
        relay_.faults = {};
        relay_.start();
        centre_.start_redis();
        for (std::size_t i = 0; i < centre_.bridges(); ++i) {
            if (!centre_.bridge_up(i)) centre_.start_bridge(i);
        }
        if (!centre_.central_up()) centre_.start_central();
        for (auto& node : nodes_) {
            node->cut_power_after(std::numeric_limits<std::uint64_t>::max());
            while (!node->running()) node->start();
            node->silence();
        }
    }

    base::Random random_;
    support::ManualClock clock_;
    simulation::LossyBroker relay_;
    simulation::Centre centre_;
    simulation::Ledger ledger_;
    std::vector<std::unique_ptr<simulation::Node>> nodes_;
    Happened happened_;
    bool under_pressure_ = false;
    std::uint64_t outage_ = 8;
};

void run_world(std::uint64_t seed, const std::string& folder, Happened& happened,
               simulation::RedisKind redis = simulation::RedisKind::model) {
    CAPTURE(seed);
    const auto database = fmt::format("{}/{}.db", folder, seed);
    {
        World world{seed, database, redis};
        world.run();
        CAPTURE(world.where_it_stands());
        REQUIRE_MESSAGE(world.settled(), "after the faults stopped, applied did not reach head");
        const auto& broken = world.centre().broken();
        REQUIRE_MESSAGE(broken.empty(), broken);
        auto query = sinks::DatabaseQuery::open(central_test::place(database));
        REQUIRE(query);
        const auto difference = world.ledger().difference(*query.value());
        REQUIRE_MESSAGE(difference.empty(), difference);
        for (const auto& node : world.nodes()) {
            const auto& surface = node->surface();
            CHECK(world.ledger().failed(node->name(), "tape.row") ==
                  surface.file_rows / surface.kBadRowEvery);
            happened.failed += world.ledger().failed(node->name(), "gauge.value");
        }
        world.count_into(happened);
    }
    for (const auto* ending : {"", "-wal", "-shm", ".lock"}) {
        std::filesystem::remove(database + ending);
    }
}

/// In fewer worlds it may be that no outbox was full.
constexpr std::uint64_t kSeedsForRareFaults = 40;

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::stoull(text) : fallback;
}

}  // namespace

TEST_SUITE("simulation/delivery") {
    TEST_CASE("every committed reading is counted exactly once, whatever dies") {
        const support::TemporaryFolder folder;
        Happened happened;
        if (const auto seed = number_from("SEED", 0); seed != 0) {
            return run_world(seed, folder.path().string(), happened);
        }
        const auto seeds = number_from("SEEDS", 1000);
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            run_world(seed, folder.path().string(), happened);
        }
        std::cout << fmt::format(
            "{} seeds, {} readings, {} failed; lost {} messages, repeated {}, re-ordered {}; {} "
            "power cuts, "
            "{} kills; crashes: broker {}, Redis {} and emptied {}, bridges {}, central {}; "
            "records "
            "thinned {}, evicted {}; {} nodes with a hole\n",
            seeds, happened.readings, happened.failed, happened.lost, happened.repeated,
            happened.reordered, happened.power_cuts, happened.kills, happened.broker_crashes,
            happened.redis_crashes, happened.redis_emptied, happened.bridge_crashes,
            happened.central_crashes, happened.thinned, happened.evicted, happened.holes);
        // The faults really happened.
        CHECK(happened.lost > seeds);
        CHECK(happened.repeated > seeds / 2);
        CHECK(happened.reordered > seeds / 2);
        CHECK(happened.power_cuts > seeds);
        CHECK(happened.kills > seeds / 4);
        CHECK(happened.broker_crashes > seeds / 4);
        CHECK(happened.redis_crashes > seeds / 4);
        CHECK(happened.redis_emptied > seeds / 4);
        CHECK(happened.bridge_crashes > seeds / 4);
        CHECK(happened.central_crashes > seeds / 4);
        CHECK(happened.failed > seeds);
        if (seeds < kSeedsForRareFaults) return;
        CHECK(happened.thinned > seeds);
        CHECK(happened.evicted > seeds / 8);
        CHECK(happened.holes > seeds / 20);
    }

    TEST_CASE("every committed reading is counted exactly once over a real Redis, too") {
        const support::TemporaryFolder folder;
        Happened happened;
        const auto seeds = number_from("REDIS_SEEDS", 30);
        for (std::uint64_t seed = 5'001; seed <= 5'000 + seeds; ++seed) {
            run_world(seed, folder.path().string(), happened, simulation::RedisKind::real);
        }
        std::cout << fmt::format(
            "{} seeds on a real Redis, {} readings; crashes: Redis {} and "
            "emptied {}, bridges {}, central {}\n",
            seeds, happened.readings, happened.redis_crashes, happened.redis_emptied,
            happened.bridge_crashes, happened.central_crashes);
        CHECK(happened.redis_crashes > seeds / 2);
        CHECK(happened.redis_emptied > seeds / 4);
        CHECK(happened.bridge_crashes > seeds / 2);
        CHECK(happened.central_crashes > seeds / 2);
    }
}
