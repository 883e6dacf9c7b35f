#include "central/engine/quality/quality.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "central/engine/quality/assessed.hpp"
#include "central/engine/feed.hpp"

// g++ 12 believes that a temporary may be destroyed before it was made.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

using namespace std::chrono_literals;
using engine::WindowState;
using engine_test::AssessedMinute;
using engine_test::gap_of;

namespace {

const auto kEvicted = gap_of("evicted", kNoon, kNoon + 59s);

/// A series of random readings, cut into windows, each assessed by what is around it.
struct Life {
    base::Duration period{20s};
    base::Duration span{1min};
    std::vector<base::EventTime> readings;
    std::vector<std::pair<base::EventTime, std::uint64_t>> failed;  // By window.
    std::vector<engine::GapRow> gaps;
    bool also_between = false;

    engine::Assessment at(base::EventTime start) const {
        auto series = engine_test::bare_series(period);
        series.declared.also_between = also_between;
        engine::WindowRow row;
        engine::Around around;
        for (const auto time : readings) {
            if (time < start) around.before = time;
            if (time >= start + span && !around.after) around.after = time;
            if (time < start || time >= start + span) continue;
            row.merge({.first_at = time, .last_at = time, .summary = wire::Summary::of(1)});
        }
        for (const auto& [window, count] : failed) {
            if (window == start) row.fail("checksum", count);
        }
        const engine::DeclaredGaps declared{gaps};
        return engine::assess({.start = start, .span = span, .row = row, .around = around}, series,
                              {.watermark = kNoon + 24h, .gaps = declared});
    }
};

/// Readings that come early and late and between the periods, and holes of any length.
Life random_life(base::Random& random) {
    Life life;
    life.period = base::Duration{1 + static_cast<std::int64_t>(random.below(90'000))};
    life.also_between = random.below(4) == 0;
    auto at = kNoon - life.period;
    const auto count = 3 + random.below(60);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto share = [&](std::uint64_t percent) {
            return base::Duration{static_cast<std::int64_t>(random.below(percent)) *
                                  life.period.count() / 100};
        };
        const auto kind = random.below(10);
        if (kind < 7) at += life.period * 9 / 10 + share(20);  // A little early or late.
        if (kind == 7) at += share(100) + 1ms;                 // Between the periods.
        if (kind > 7) at += life.period + share(900);          // After a hole.
        life.readings.push_back(at);
    }
    for (std::uint64_t i = random.below(4); i > 0; --i) {
        life.failed.emplace_back(kNoon + static_cast<std::int64_t>(random.below(10)) * 1min,
                                 1 + random.below(5));
    }
    if (random.below(3) == 0) {
        const auto first = kNoon + base::Duration{static_cast<std::int64_t>(random.below(600'000))};
        life.gaps.push_back(gap_of("evicted", first, first + 30s));
    }
    return life;
}

/// Readings within a tenth of a period of their times, some of which are missing.
Life regular_life(base::Random& random) {
    Life life;
    life.period = base::Duration{10 + static_cast<std::int64_t>(random.below(90'000))};
    const auto tenth = static_cast<std::uint64_t>(life.period.count() / 10);
    for (std::int64_t i = -1; i < 60; ++i) {
        if (i > 0 && random.below(3) == 0) continue;
        const auto late = static_cast<std::int64_t>(random.below(tenth + 1));
        life.readings.push_back(kNoon + i * life.period + base::Duration{late});
    }
    life.failed.emplace_back(kNoon, random.below(5));
    return life;
}

}  // namespace

TEST_CASE("the quality is the share that came of what was due or tried") {
    struct Case {
        const char* name;
        AssessedMinute minute;
        std::optional<double> quality;
    };
    const std::vector<Case> cases{
        {"all three came", {.readings = {0s, 20s, 40s}}, 1.0},
        {"one of three is missing", {.readings = {0s, 40s}}, 2.0 / 3},
        {"its read failed: it counts once", {.readings = {0s, 40s}, .failed = {{"a", 1}}}, 2.0 / 3},
        {"it failed twice", {.readings = {0s, 40s}, .failed = {{"a", 1}, {"b", 1}}}, 2.0 / 4},
        {"one failed and was read again", {.readings = {0s, 20s, 40s}, .failed = {{"a", 1}}}, 0.75},
        {"an outage", {.readings = {}}, 0.0},
        {"an outage by eviction", {.readings = {}, .gaps = {kEvicted}}, 0.0},
        {"one evicted", {.readings = {0s, 40s}, .gaps = {kEvicted}}, 2.0 / 3},
        {"the gap may be of another series", {.readings = {0s, 20s, 40s}, .gaps = {kEvicted}}, {}},
        {"thinned records are there",
         {.readings = {0s, 20s, 40s}, .gaps = {gap_of("thinned", kNoon, kNoon + 59s)}},
         1.0},
        {"known in wider windows only", {.readings = {}, .is_coarse = true}, {}},
        {"not passed yet", {.readings = {0s, 20s, 40s}, .watermark = kNoon + 59s}, {}},
        {"a wait for a clock", {.readings = {0s, 20s}, .unplaced = 7}, 2.0 / 3},
        {"nothing due",
         {.readings = {}, .period = 5min, .around = {kNoon - 1min, kNoon + 4min}},
         {}},
        {"no period", {.readings = {0s, 20s}, .period = std::nullopt}, {}},
        {"no period, and one of three failed",
         {.readings = {0s, 20s}, .failed = {{"a", 1}}, .period = std::nullopt},
         2.0 / 3},
        {"no period, and a gap",
         {.readings = {0s}, .gaps = {kEvicted}, .period = std::nullopt},
         {}},
        {"changes may hide a hole", {.readings = {0s, 5s, 40s, 50s}, .also_between = true}, {}},
        {"changes may be gone, too",
         {.readings = {0s, 40s}, .gaps = {kEvicted}, .also_between = true},
         {}},
        {"an outage of what changes",
         {.readings = {}, .gaps = {kEvicted}, .also_between = true},
         0.0},
    };
    for (const auto& one : cases) {
        INFO(one.name);
        CHECK(one.minute.quality() == one.quality);
    }
}

TEST_CASE("the quality is 1 where a window is complete and nothing failed, and nowhere else") {
    base::Random random{20'251'120};
    std::size_t ones = 0;
    std::size_t parts = 0;
    std::size_t zeros = 0;
    std::size_t unknown = 0;
    for (int i = 0; i < 2'000; ++i) {
        const auto life = random_life(random);
        for (auto start = kNoon; start < kNoon + 10min; start += 1min) {
            const auto assessment = life.at(start);
            const auto& quality = assessment.quality;
            const bool failed =
                std::any_of(life.failed.begin(), life.failed.end(),
                            [&](const auto& window) { return window.first == start; });
            const bool is_perfect = assessment.judgement.state == WindowState::complete && !failed;
            REQUIRE((quality == 1.0) == is_perfect);
            if (!quality) {
                ++unknown;
                REQUIRE(assessment.judgement.state != WindowState::complete);
                continue;
            }
            REQUIRE(*quality >= 0);
            ++(*quality == 1 ? ones : *quality == 0 ? zeros : parts);
        }
    }
    CHECK(ones > 300);
    CHECK(parts > 300);
    CHECK(zeros > 300);
    CHECK(unknown > 300);
}

TEST_CASE("the quality of a window never rises when a reading of it is taken away") {
    base::Random random{7};
    std::size_t fell = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto life = regular_life(random);
        auto poorer = life;
        const auto taken = random.below(poorer.readings.size());
        const auto start = engine::window_start(life.readings[taken], life.span);
        poorer.readings.erase(poorer.readings.begin() + static_cast<std::ptrdiff_t>(taken));
        const auto before = life.at(start).quality;
        const auto after = poorer.at(start).quality;
        if (!before || !after) continue;
        INFO("life " << i << " with a period of " << life.period.count() << " ms");
        REQUIRE(*after <= *before);
        if (*after < *before) ++fell;
    }
    CHECK(fell > 1'000);
}

TEST_CASE("a read that failed counts against its series and no other of the sensor") {
    engine_test::Feed feed;
    feed.accept(R"({"k":"series","series":"climate.temperature","quantity":"temperature",)"
                R"("unit":"Cel","driver":"dht11","period":20000})");
    feed.accept(R"({"k":"series","series":"climate.humidity","quantity":"humidity",)"
                R"("unit":"%RH","driver":"dht11","period":20000})");
    feed.accept(R"({"k":"data","t":1763640000000,"clk":"synced","series":{)"
                R"("climate.temperature":{"dt":[0,20000,40000,60000],"v":[1,2,3,4]},)"
                R"("climate.humidity":{"dt":[0,40000,60000],"v":[1,2,3]}}})");
    feed.accept(R"({"k":"failed","t":1763640000000,"clk":"synced","span":10000,"series":{)"
                R"("climate.humidity":{"checksum":{"dt":[20000],"n":[1]}}}})");
    feed.commit();
    const auto quality = [&](const std::string& name) {
        const engine::DeclaredGaps none{{}};
        const auto& series = feed.memory.all_series.at({"attic", name});
        const auto row =
            feed.memory.windows.at({.span = 1min, .node = "attic", .series = name, .start = kNoon});
        return engine::assess(
                   {.start = kNoon, .span = 1min, .row = row, .around = {{}, kNoon + 1min}}, series,
                   {.watermark = kNoon + 1min, .gaps = none})
            .quality;
    };
    CHECK(quality("climate.temperature") == 1.0);
    CHECK(quality("climate.humidity") == 2.0 / 3);
}
