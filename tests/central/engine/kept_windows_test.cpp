// Goal: a window that is no longer kept is never begun again with the rest of its readings, and
// what is kept stays right. The oracle counts every reading again.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "base/random.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

/// Takes out what is older than the horizon, as retention does in its own time.
void remove_given_up(MapMemory& memory) {
    std::erase_if(memory.windows, [&](const auto& window) {
        const auto horizon = memory.horizons.find(window.first.span);
        return horizon != memory.horizons.end() && window.first.start < horizon->second;
    });
}

}  // namespace

TEST_CASE("a late reading counts in longer windows where its minute is no longer kept") {
    Feed feed;
    feed.accept(readings("s.q", {{10'000, 1}, {20'000, 2}}), "attic");
    feed.commit();
    feed.memory.horizons[1min] = at(2 * kHour);
    remove_given_up(feed.memory);
    const auto outcome = feed.accept(readings("s.q", {{30'000, 3}}), "attic");
    CHECK(outcome.readings == 1);
    CHECK(outcome.outdated == 1);
    feed.commit();
    CHECK(feed.memory.windows.size() == 1);
    CHECK(feed.row("s.q", 1h, 0).summary.count == 3);
}

TEST_CASE(
    "a horizon that moves is heeded after the next commit, also where the row is remembered") {
    Feed feed;
    feed.accept(readings("s.q", {{10'000, 1}}), "attic");
    feed.memory.horizons[1min] = at(kHour);
    feed.commit();
    remove_given_up(feed.memory);
    CHECK(feed.accept(readings("s.q", {{20'000, 2}}), "attic").outdated == 1);
    CHECK(feed.accept(failed("s.q", 30'000, 1), "attic").failed == 1);
    feed.commit();
    CHECK(feed.memory.windows.size() == 1);
    CHECK(feed.row("s.q", 1h, 0).failed == 1);
}

TEST_CASE("detectors see no window that is not kept") {
    engine::EngineOptions options{.spans = {1min, 1h}};
    options.limits = validation::SeriesRules<detect::limits::Rule>{
        {{.match = "*", .quantity = {}, .rule = {.low = {}, .high = 30, .step = {}, .margin = 1}}}};
    Feed feed{options};
    feed.memory.horizons[1min] = at(kHour);
    feed.accept(readings("s.q", {{10'000, 99}}), "attic");
    feed.accept(readings("s.q", {{3 * kHour, 20}}), "attic", at(3 * kHour));
    feed.accept(readings("s.q", {{3 * kHour + 600'000, 20}}), "attic", at(3 * kHour + 600'000));
    feed.commit();
    CHECK(feed.memory.findings.empty());
}

TEST_CASE("whatever is given up whenever, what is kept is what a recount gives") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        base::Random random{seed};
        Feed feed{{.spans = {1min, 1h, 24h}, .rows_max = 20, .nodes_max = 1}};
        std::map<std::int64_t, std::uint64_t> sent;  // Readings by minute.
        std::int64_t newest = kDay;
        for (int i = 0; i < 300; ++i) {
            newest += static_cast<std::int64_t>(random.below(kHour));
            const auto back = static_cast<std::int64_t>(random.below(2 * kDay));
            const auto t = random.chance(1, 3) ? newest - back : newest;
            feed.accept(readings("s.q", {{t, 1}}), "attic", at(newest));
            ++sent[t / 60'000 * 60'000];
            if (random.chance(1, 4)) feed.commit();
            if (random.chance(1, 10)) {
                auto& horizon =
                    feed.memory
                        .horizons[random.chance(1, 2) ? base::Duration{1min} : base::Duration{1h}];
                horizon = std::max(horizon, at(newest / kDay * kDay - kDay));
            }
            if (random.chance(1, 10)) remove_given_up(feed.memory);
            if (random.chance(1, 30)) {
                feed.commit();
                feed.engine.forget();
            }
        }
        feed.commit();
        for (const auto span : {base::Duration{1min}, base::Duration{1h}, base::Duration{24h}}) {
            const auto horizon = feed.memory.horizons.contains(span) ? feed.memory.horizons.at(span)
                                                                     : base::EventTime::min();
            std::map<base::EventTime, std::uint64_t> wanted;
            for (const auto& [minute, count] : sent) {
                const auto start = engine::window_start(at(minute), span);
                if (start >= horizon) wanted[start] += count;
            }
            std::map<base::EventTime, std::uint64_t> found;
            for (const auto& [key, row] : feed.memory.windows) {
                if (key.span == span && key.start >= horizon) found[key.start] = row.summary.count;
            }
            CHECK(found == wanted);
        }
    }
}
