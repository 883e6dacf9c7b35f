#include "central/engine/fold.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

struct FoldCase {
    const char* name;
    std::vector<std::int64_t> dt_ms;
    std::vector<std::uint64_t> counts;  // Of the runs of windows of one minute.
};

const std::vector<FoldCase> kFolds{
    {"one minute is one run", {0, 10, 59'999}, {3}},
    {"the end of a window begins a run", {59'999, 60'000}, {1, 1}},
    {"equal times stay together", {5, 5, 5}, {3}},
    {"a step back begins a run", {10, 20, 15, 30}, {2, 2}},
    {"a step back over the edge and forth again", {60'000, 59'000, 60'000}, {1, 1, 1}},
    {"before the record's time", {-1, 0}, {1, 1}},
    {"an empty minute between", {0, 120'000, 120'001}, {1, 2}},
};

wire::Summary summary_of(const std::vector<double>& values) {
    wire::Summary summary;
    for (const double value : values) summary.add(value);
    return summary;
}

struct PartialCase {
    const char* name;
    base::Duration span;
    std::int64_t start_ms;
    bool good;
    std::vector<base::Duration> merged_into;
};

const std::vector<PartialCase> kPartials{
    {"a minute", 1min, 0, true, {1min, 1h}},
    {"ten seconds, the last of the minute", 10s, 50'000, true, {1min, 1h}},
    {"ten seconds, not at a multiple but inside", 10s, 45'000, true, {1min, 1h}},
    {"ten seconds over the end", 10s, 55'000, false, {}},
    {"a minute, half a minute off", 1min, 30'000, false, {}},
    {"seven seconds divide no minute", 7s, 0, false, {}},
    {"a quarter of an hour has lost its minutes", 15min, 900'000, true, {1h}},
    {"a quarter of an hour over the end of the hour", 15min, 3'000'000, false, {}},
    {"twenty-five minutes divide no hour", 25min, 0, false, {}},
    {"an hour", 1h, 0, true, {1h}},
    {"a day has no window", 24h, 0, false, {}},
};

}  // namespace

TEST_CASE("consecutive readings of one window are one run") {
    for (const auto& c : kFolds) {
        CAPTURE(std::string{c.name});
        const wire::RawColumn column{.dt_ms = c.dt_ms,
                                     .values = std::vector<double>(c.dt_ms.size(), 1.0)};
        std::vector<engine::Run> runs{{}};
        engine::fold(column, at(0), 1min, base::EventTime::max(), true, runs);
        std::vector<std::uint64_t> counts;
        for (const auto& run : runs) {
            counts.push_back(run.summary.count);
            CHECK(run.first_at <= run.last_at);
            CHECK(engine::window_start(run.first_at, 1min) ==
                  engine::window_start(run.last_at, 1min));
        }
        CHECK(counts == c.counts);
    }
}

TEST_CASE("a partial counts in every window that it fits into, and in quarantine when in none") {
    for (const auto& c : kPartials) {
        CAPTURE(std::string{c.name});
        Feed feed;
        const auto summary = summary_of({3, 1, 2});
        const auto outcome =
            feed.accept(data({partial("climate.temperature", c.span, {{c.start_ms, summary}})}),
                        "attic", at(24 * 3'600'000));
        feed.commit();
        CHECK(outcome.readings == (c.good ? 3 : 0));
        CHECK(outcome.refused.has_value() == !c.good);
        CHECK(feed.memory.quarantined.size() == (c.good ? 0 : 1));
        std::vector<base::Duration> spans;
        for (const auto& [key, row] : feed.memory.windows) {
            spans.push_back(key.span);
            CHECK(row.summary == summary);
            CHECK(row.first_at == at(c.start_ms));
            CHECK(row.last_at == at(c.start_ms) + c.span - 1ms);
        }
        CHECK(spans == c.merged_into);
        CHECK((outcome.coarse > 0) == (c.good && c.span > 1min));
    }
}

TEST_CASE("folding raw readings and merging aligned partials of them give the same rows") {
    base::Random random{11};
    for (const auto span : {base::Duration{1s}, base::Duration{10s}, base::Duration{1min}}) {
        Feed whole;
        Feed parts;
        for (std::int64_t start = 0; start < 7'200'000; start += span.count()) {
            if (random.chance(9, 10) && span < 1min) continue;
            Points points;
            std::vector<double> values;
            const auto step = span.count() / 7;
            for (std::int64_t i = 0; i < 7; ++i) {
                values.push_back(random.normal() * 1e3);
                points.emplace_back(start + i * step, values.back());
            }
            whole.accept(readings("sonar.distance", points));
            parts.accept(data({partial("sonar.distance", span, {{start, summary_of(values)}})}));
        }
        whole.commit();
        parts.commit();
        REQUIRE(whole.memory.windows.size() == parts.memory.windows.size());
        for (const auto& [key, row] : whole.memory.windows) {
            const auto& merged = parts.memory.windows.at(key).summary;
            CHECK(merged.count == row.summary.count);
            CHECK(merged.min == row.summary.min);
            CHECK(merged.max == row.summary.max);
            CHECK(merged.first == row.summary.first);
            CHECK(merged.last == row.summary.last);
            CHECK(std::abs(merged.sumsq - row.summary.sumsq) <= 1e-12 * row.summary.sumsq);
            // The sum may cancel out: what bounds its error is the sum of the magnitudes.
            const auto magnitude =
                std::sqrt(row.summary.sumsq * static_cast<double>(row.summary.count));
            CHECK(std::abs(merged.sum - row.summary.sum) <= 1e-12 * magnitude);
        }
    }
}

TEST_CASE("partials of one window that carry their times merge exactly in any order") {
    const auto half = [](std::int64_t first, std::int64_t last, const std::vector<double>& values) {
        auto column = partial("sonar.distance", 1min, {{0, summary_of(values)}});
        auto& times = std::get<wire::PartialColumn>(column.points);
        times.first_dt_ms = {first};
        times.last_dt_ms = {last};
        return data({column});
    };
    Feed feed;
    feed.accept(half(30'000, 50'000, {3, 4}));
    feed.accept(half(100, 20'000, {1, 2}));
    feed.accept(readings("sonar.distance", {{55'000, 5}}));
    feed.commit();
    const auto& row = feed.memory.windows.begin()->second;
    CHECK(row.summary == summary_of({1, 2, 3, 4, 5}));
    CHECK(row.first_at == at(100));
    CHECK(row.last_at == at(55'000));
}
