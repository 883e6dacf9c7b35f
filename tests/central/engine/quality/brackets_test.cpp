// Goal: what is said of when records of a boot without a clock were made is always true, and as
// narrow as the clock records of its neighbours allow. Method: random boots of a node, some of
// which have a clock; its records go through the engine, and the brackets are compared with when
// the readings really were. SEED=n repeats one run.
#include "central/engine/quality/brackets.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

/// A boot as it really was, in milliseconds after at(0).
struct RealBoot {
    std::string name;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::optional<std::int64_t> clock_at;  // When its clock record was made.
    std::int64_t error = 0;                // Of that, at most.
    std::int64_t first = 0;                // Its readings.
    std::int64_t last = 0;
};

struct World {
    explicit World(std::uint64_t seed) : random(seed) {}

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
    }
    void send(const wire::Record& record) {
        feed.accept(wire::encode_record(record), "attic", at(1'000'000'000'000));
    }
    void send_reading(RealBoot& boot, std::int64_t t) {
        if (boot.first == 0) boot.first = t;
        boot.last = t;
        send({.body = wire::Data{.at = base::from_milliseconds(t - boot.begin),
                                 .clock = wire::ClockState::boot,
                                 .boot = boot.name,
                                 .columns = {raw("a.b", {{0, 1}})}},
              .origin = {}});
    }
    /// The crystal is off by up to 50 ppm, and the clock by up to the error that it says.
    void send_clock(RealBoot& boot, std::int64_t t) {
        boot.clock_at = t;
        boot.error = below(2'000);
        const auto off = boot.error > 0 ? below(2 * boot.error) - boot.error : 0;
        const auto since = t - boot.begin;
        const auto drift = since / 20'000;
        const auto counted = since + (random.chance(1, 2) ? drift : -drift);
        send({.body = wire::ClockSample{.boot = boot.name,
                                        .since_boot = base::Duration{counted},
                                        .utc = at(t + off),
                                        .error = base::Duration{boot.error}},
              .origin = {}});
    }
    void live(int number, std::int64_t begin) {
        RealBoot boot{.name = "boot" + std::to_string(number),
                      .begin = begin,
                      .end = begin + 1 + below(50'000'000),
                      .clock_at = {}};
        const bool has_clock = random.chance(1, 2);
        auto t = begin;
        for (auto i = 1 + below(5); i > 0; --i) {
            t += 1 + below((boot.end - begin) / 6 + 1);
            send_reading(boot, t);
        }
        if (has_clock) send_clock(boot, t + below(1'000));
        boots.push_back(boot);
    }

    base::Random random;
    Feed feed;
    std::vector<RealBoot> boots;
};

std::uint64_t seed_of_run() {
    const char* given = std::getenv("SEED");
    return given != nullptr ? std::stoull(given) : 20261129;
}

/// What is known of one boot, with its number.
engine::BootRow row(const std::string& boot, std::uint64_t seq,
                    std::optional<engine::BootTie> tie = {}, std::uint64_t incarnation = 1) {
    const std::uint64_t waiting = tie ? 0 : 3;
    return {.node = "attic",
            .boot = boot,
            .tie = tie,
            .unplaced = waiting,
            .first = engine::RecordPlace{{incarnation}, seq}};
}

/// The boot had lasted so long at that time, in seconds.
engine::BootTie tie(std::int64_t since, std::int64_t utc) {
    return {.since_boot = since * 1s, .utc = at(utc * 1'000), .error = 0ms};
}

}  // namespace

TEST_CASE("a bracket always holds the truth, and is as wide as its neighbours make it") {
    const auto seed = seed_of_run();
    std::size_t whole = 0;
    for (std::uint64_t other = 0; other < 200; ++other) {
        CAPTURE(seed + other);
        World world{seed + other};
        std::int64_t begin = 1'000;
        for (int number = 0; number < 12; ++number) {
            world.live(number, begin);
            begin = world.boots.back().end + world.below(10'000'000);
        }
        world.feed.commit();
        std::vector<engine::BootRow> rows;
        for (const auto& [key, row] : world.feed.memory.boots) rows.push_back(row);
        auto brackets = engine::brackets_of(rows);
        auto next = brackets.begin();
        for (std::size_t i = 0; i < world.boots.size(); ++i) {
            const auto& boot = world.boots[i];
            if (boot.clock_at) continue;
            REQUIRE(next != brackets.end());
            const auto& bracket = *next++;
            CHECK(bracket.boot == boot.name);
            CHECK(bracket.records >= 1);
            const RealBoot* before = nullptr;
            const RealBoot* after = nullptr;
            for (std::size_t j = 0; j < world.boots.size(); ++j) {
                if (!world.boots[j].clock_at) continue;
                if (j < i) before = &world.boots[j];
                if (j > i && after == nullptr) after = &world.boots[j];
            }
            REQUIRE(bracket.not_before.has_value() == (before != nullptr));
            REQUIRE(bracket.not_after.has_value() == (after != nullptr));
            if (before != nullptr) {
                CHECK(*bracket.not_before <= at(boot.first));
                CHECK(*bracket.not_before >= at(*before->clock_at - 2 * before->error));
            }
            if (after != nullptr) {
                CHECK(*bracket.not_after >= at(boot.last));
                const auto drift = (*after->clock_at - after->begin) / 5'000 + 2;
                CHECK(*bracket.not_after <= at(after->begin + 2 * after->error + drift));
            }
            if (before != nullptr && after != nullptr) ++whole;
        }
        CHECK(next == brackets.end());
    }
    CHECK(whole > 500);
}

TEST_CASE("boots of another incarnation or of an unknown place tell nothing") {
    auto unknown = row("c", 9, tie(10, 900));
    unknown.first.reset();
    const auto brackets = engine::brackets_of(
        {row("a", 1, tie(10, 100), 2), row("b", 5), unknown, row("d", 20, tie(10, 500), 2)});
    REQUIRE(brackets.size() == 1);
    CHECK(brackets[0] ==
          engine::Bracket{.boot = "b", .records = 3, .not_before = {}, .not_after = {}});
}

TEST_CASE("bounds that contradict one another are none, and one side alone is said alone") {
    auto brackets =
        engine::brackets_of({row("a", 1, tie(10, 1'000)), row("b", 5), row("c", 9, tie(10, 500))});
    REQUIRE(brackets.size() == 1);
    CHECK_FALSE(brackets[0].not_before);
    CHECK_FALSE(brackets[0].not_after);
    brackets = engine::brackets_of({row("a", 1, tie(10, 1'000)), row("b", 5)});
    CHECK(brackets.at(0).not_before == at(1'000'000));
    CHECK_FALSE(brackets.at(0).not_after);
}

TEST_CASE("records of a forked node keep their place in its order") {
    Feed feed;
    const auto waiting = [](const std::string& boot) {
        return wire::Record{.body = wire::Data{.at = base::from_milliseconds(5),
                                               .clock = wire::ClockState::boot,
                                               .boot = boot,
                                               .columns = {raw("a.b", {{0, 1}})}},
                            .origin = {}};
    };
    auto record = waiting("b");
    record.origin = wire::Origin{.incarnation = {7}, .seq = 40, .hash = {}};
    feed.accept(wire::encode_record(record));
    feed.commit();
    const auto& boot = feed.memory.boots.at({"attic", "b"});
    CHECK(boot.first == engine::RecordPlace{{7}, 40});
}
