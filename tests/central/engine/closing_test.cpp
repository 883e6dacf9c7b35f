// Goal: what the detectors find depends on the records of a node and their order alone: not on when
// the rows are committed, nor on what dies in between, nor on how late it all arrives. Method: the
// same random fortnight of a node, with faults, goes through engines with different commits,
// restarts and arrivals; rows and findings must be equal. SEED=n repeats one run.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

constexpr std::int64_t kMinute = 60'000;

struct Sent {
    std::string line;
    std::int64_t sent_at;  // Milliseconds after at(0).
};

std::string declared(const std::string& series, const std::string& unit, double resolution,
                     bool also_between = false) {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = series,
                                                                .quantity = "any",
                                                                .unit = unit,
                                                                .driver = "d",
                                                                .least = {},
                                                                .most = {},
                                                                .resolution = resolution,
                                                                .period = 60'000ms,
                                                                .also_between = also_between},
                                .origin = {}});
}

std::string record(std::int64_t start, const std::vector<wire::Column>& columns) {
    return wire::encode_record({.body = wire::Data{.at = at(start),
                                                   .clock = wire::ClockState::synced,
                                                   .boot = "b",
                                                   .columns = columns},
                                .origin = {}});
}

/// Records of ten minutes of two series with a daily rhythm and of a door; now and then a reading
/// comes late, reads fail, one series is silent, or all is off for hours.
std::vector<Sent> fortnight(std::uint64_t seed) {
    base::Random random{seed};
    std::vector<Sent> all{{declared("a.warm", "Cel", 0.1), 0},
                          {declared("a.damp", "%RH", 1), 0},
                          {declared("b.door", "/", 1, true), 0}};
    bool is_open = false;
    for (std::int64_t start = 0; start < 14 * 1440 * kMinute; start += 10 * kMinute) {
        if (random.chance(1, 400)) start += 3 * 60 * kMinute;
        const bool is_silent = random.chance(1, 100);
        const double fault = random.chance(1, 200) ? 15 : 0;
        Points warm;
        Points damp;
        Points door;
        for (std::int64_t minute = 0; minute < 10; ++minute) {
            const auto t = minute * kMinute + static_cast<std::int64_t>(random.below(20'000));
            const double day = static_cast<double>((start + t) % (1440 * kMinute)) / 86.4e6;
            const double rhythm = std::sin(6.283 * day);
            warm.emplace_back(t, std::round(200 + 40 * rhythm + 3 * random.normal()) / 10 + fault);
            if (!is_silent) damp.emplace_back(t, std::round(60 - 10 * rhythm + random.normal()));
            if (random.chance(1, 30)) is_open = !is_open;
            door.emplace_back(t, is_open ? 1 : 0);
        }
        std::vector<wire::Column> columns{raw("a.warm", warm), raw("b.door", door)};
        if (!damp.empty()) columns.push_back(raw("a.damp", damp));
        all.push_back({record(start, columns), start + 10 * kMinute});
        if (random.chance(1, 50)) {
            all.push_back(
                {record(start - 60 * kMinute, {raw("a.warm", {{0, 55}})}), start + 10 * kMinute});
        }
        if (random.chance(1, 60)) {
            all.push_back({failed("a.warm", start, 90), start + 10 * kMinute});
        }
    }
    return all;
}

engine::EngineOptions options() {
    engine::EngineOptions options{.rows_max = 50, .nodes_max = 2};
    options.limits = validation::SeriesRules<detect::limits::Rule>{
        {{.match = "*/a.warm",
          .quantity = {},
          .rule = {.low = {}, .high = 30, .step = 8, .margin = 1}}}};
    return options;
}

/// What is to be equal: all rows, but how often they were written, and all findings.
struct Tables {
    std::map<engine::WindowKey, engine::WindowRow> windows;
    std::map<detect::FindingKey, detect::Finding> findings;
};

Tables tables_of(Feed& feed) {
    feed.commit();
    auto windows = feed.memory.windows;
    for (auto& [key, row] : windows) row.revision = 0;
    return {windows, feed.memory.findings};
}

Tables run(const std::vector<Sent>& sent, std::uint64_t seed, std::uint64_t commits,
           std::uint64_t deaths) {
    base::Random random{seed};
    Feed feed{options()};
    for (const auto& [line, sent_at] : sent) {
        feed.accept(line, "attic", at(sent_at));
        if (random.chance(1, commits)) feed.commit();
        if (deaths > 0 && random.chance(1, deaths)) {
            feed.commit();
            feed.engine.forget();
        }
    }
    return tables_of(feed);
}

std::uint64_t seed_of_run() {
    const char* given = std::getenv("SEED");
    return given != nullptr ? std::stoull(given) : 20261129;
}

}  // namespace

TEST_CASE("findings are the same whenever rows are committed, and whatever dies in between") {
    const auto seed = seed_of_run();
    CAPTURE(seed);
    const auto sent = fortnight(seed);
    const auto once = run(sent, seed, 1'000'000, 0);
    std::map<detect::Code, int> codes;
    for (const auto& [key, finding] : once.findings) ++codes[key.code];
    CHECK(codes[detect::Code::limit] > 0);
    CHECK(codes[detect::Code::step] > 0);
    CHECK(codes[detect::Code::silent] > 0);
    CHECK(codes[detect::Code::failing] > 0);
    CHECK(codes[detect::Code::odd] > 0);
    for (std::uint64_t other = 1; other <= 3; ++other) {
        const auto again = run(sent, seed + other, other * 2, other * 5);
        CHECK(again.windows == once.windows);
        CHECK(again.findings == once.findings);
    }
}

TEST_CASE("a node away for thirty days gives the same tables as one that was never away") {
    const auto seed = seed_of_run();
    CAPTURE(seed);
    const auto sent = fortnight(seed);
    auto away = sent;
    for (auto& [line, sent_at] : away) {
        if (sent_at > 3 * 1440 * kMinute) sent_at += 30 * 1440 * kMinute;
    }
    const auto there = run(sent, seed, 3, 0);
    const auto back = run(away, seed, 40, 60);
    CHECK(there.windows == back.windows);
    CHECK(there.findings == back.findings);
}

TEST_CASE("a window is judged once, when the watermark has passed it, and not when it is revised") {
    Feed feed{options()};
    feed.accept(declared("a.warm", "Cel", 0.1));
    feed.accept(record(0, {raw("a.warm", {{0, 20}, {30'000, 35}})}));
    feed.commit();
    CHECK(feed.memory.findings.empty());
    feed.accept(record(0, {raw("a.warm", {{70'000, 29.5}})}));
    feed.commit();
    REQUIRE(feed.memory.findings.size() == 2);  // The limit and the step.
    feed.accept(record(0, {raw("a.warm", {{31'000, 90}})}));
    feed.accept(record(0, {raw("a.warm", {{200'000, 29.5}})}));
    feed.commit();
    for (const auto& [key, finding] : feed.memory.findings) CHECK(finding.value == 35);
    CHECK(feed.row("a.warm", 1min, 0).summary.max == 90);
}

TEST_CASE("failed reads behind what was judged are judged when they are told soon, else not") {
    const auto findings_of = [](std::int64_t behind, base::Duration span) {
        Feed feed{options()};
        feed.accept(declared("a.warm", "Cel", 0.1));
        constexpr std::int64_t kNow = 600 * kMinute;
        feed.accept(record(0, {raw("a.warm", {{kNow, 20}})}), "attic", at(kNow));
        feed.accept(failed("a.warm", kNow - behind, 40, span), "attic", at(kNow));
        feed.commit();
        CHECK(feed.row("a.warm", 1h, (kNow - behind) / 3'600'000 * 3'600'000).failed == 40);
        return feed.memory.findings.size();
    };
    CHECK(findings_of(5 * kMinute, 1min) == 1);
    CHECK(findings_of(60 * kMinute, 1min) == 0);
    CHECK(findings_of(60 * kMinute, 1h) == 1);  // A sum of the hour is told at its end.
    CHECK(findings_of(500 * kMinute, 1min) == 0);
}

TEST_CASE("windows that nobody has judged yet are judged after a restart") {
    Feed feed{options()};
    feed.accept(declared("a.warm", "Cel", 0.1));
    feed.accept(record(0, {raw("a.warm", {{0, 35}})}));
    feed.commit();
    feed.engine.forget();
    feed.accept(record(0, {raw("a.warm", {{200'000, 20}})}));
    feed.commit();
    CHECK(feed.memory.findings.size() == 1);
}

TEST_CASE("only what changed of the detectors is written: a contact that rests costs nothing") {
    Feed feed{options()};
    feed.accept(declared("a.warm", "Cel", 0.1));
    feed.accept(record(0, {raw("a.warm", {{0, 20}}), raw("door.open", {{0, 0}})}));
    feed.accept(record(70'000, {raw("a.warm", {{0, 20}})}));
    feed.engine.take_changes();
    for (int minute = 2; minute < 9; ++minute) {
        feed.accept(record(minute * 60'000 + 10'000, {raw("a.warm", {{0, 20}})}));
        const auto changes = feed.engine.take_changes();
        CHECK(changes.watches.contains({"attic", "a.warm"}));
        CHECK_FALSE(changes.watches.contains({"attic", "door.open"}));
    }
}

TEST_CASE("with the detectors off nothing is found and nothing kept for them") {
    auto off = options();
    off.detection = false;
    Feed feed{off};
    feed.accept(record(0, {raw("a.warm", {{0, 35}, {600'000, 20}})}));
    feed.commit();
    CHECK(feed.memory.findings.empty());
    CHECK(feed.memory.watches.empty());
}

TEST_CASE("a reading years ahead hides nothing of what comes in its time") {
    Feed feed{options()};
    feed.accept(declared("a.warm", "Cel", 0.1));
    feed.accept(record(0, {raw("a.warm", {{315'360'000'000, 99}})}));
    for (std::int64_t minute = 0; minute < 5; ++minute) {
        feed.accept(record(0, {raw("a.warm", {{minute * kMinute, minute == 2 ? 35 : 20}})}));
    }
    feed.commit();
    REQUIRE_FALSE(feed.memory.findings.empty());
    CHECK(feed.memory.findings.begin()->second.value == 35);
}
