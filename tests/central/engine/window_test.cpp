#include "central/engine/window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"

using namespace std::chrono_literals;

namespace {

struct StartCase {
    const char* name;
    std::int64_t t_ms;
    base::Duration span;
    std::int64_t start_ms;
};

constexpr StartCase kStarts[] = {
    {"the epoch", 0, 60s, 0},
    {"the last millisecond", 59'999, 60s, 0},
    {"the end belongs to the next", 60'000, 60s, 60'000},
    {"a millisecond before 1970", -1, 60s, -60'000},
    {"a whole minute before 1970", -60'000, 60s, -60'000},
    {"just below it", -60'001, 60s, -120'000},
    {"an hour of today", 1'763'640'123'456, 3600s, 1'763'640'000'000},
    {"a span of one", -7, 1ms, -7},
};

engine::Run run(std::int64_t first_ms, const std::vector<double>& values) {
    engine::Run made{
        .first_at = base::from_milliseconds(first_ms),
        .last_at = base::from_milliseconds(first_ms + static_cast<std::int64_t>(values.size()) - 1),
        .summary = {},
        .sketch = wire::Sketch{}};
    for (const double value : values) {
        made.summary.add(value);
        made.sketch->add(value);
    }
    return made;
}

}  // namespace

TEST_CASE("a window begins at the multiple of its span at or before the time") {
    for (const auto& c : kStarts) {
        CAPTURE(std::string{c.name});
        const auto start = engine::window_start(base::from_milliseconds(c.t_ms), c.span);
        CHECK(base::to_milliseconds(start) == c.start_ms);
    }
}

TEST_CASE("first and last of a row follow event time, not the order of the runs") {
    engine::WindowRow row;
    row.merge(run(20, {5, 6}));
    row.merge(run(40, {9, 1}));
    row.merge(run(10, {7, 3}));
    CHECK(row.summary.first == 7);
    CHECK(row.summary.last == 1);
    CHECK(base::to_milliseconds(row.first_at) == 10);
    CHECK(base::to_milliseconds(row.last_at) == 41);
    CHECK(row.summary.count == 6);
    CHECK(row.summary.min == 1);
    CHECK(row.summary.max == 9);
}

TEST_CASE("of readings with one time the earlier merged is the first, the later merged the last") {
    engine::WindowRow row;
    row.merge(run(10, {1}));
    row.merge(run(10, {2}));
    row.merge(run(10, {3}));
    CHECK(row.summary.first == 1);
    CHECK(row.summary.last == 3);
}

TEST_CASE("an empty run changes nothing") {
    engine::WindowRow row;
    row.merge(run(10, {1}));
    const auto before = row;
    row.merge({.first_at = base::from_milliseconds(-5),
               .last_at = base::from_milliseconds(99),
               .summary = {}});
    CHECK(row == before);
}

TEST_CASE("a row that only counted failed reads adopts its first run whole") {
    engine::WindowRow row;
    row.failed = 2;
    row.merge(run(10, {4}));
    CHECK(base::to_milliseconds(row.first_at) == 10);
    CHECK(row.summary.min == 4);
    CHECK(row.failed == 2);
}

TEST_CASE("runs merged in any order give the same row") {
    base::Random random{7};
    for (int round = 0; round < 200; ++round) {
        std::vector<engine::Run> runs;
        for (std::uint64_t i = 0; i < 2 + random.below(6); ++i) {
            std::vector<double> values(1 + random.below(5));
            // Halves add up exactly: the sums must be equal too.
            for (auto& value : values) value = static_cast<double>(random.below(200)) / 2 - 50;
            runs.push_back(run(static_cast<std::int64_t>(i * 100), values));
        }
        engine::WindowRow ordered;
        for (const auto& each : runs) ordered.merge(each);
        for (std::size_t i = runs.size() - 1; i > 0; --i) {
            std::swap(runs[i], runs[random.below(i + 1)]);
        }
        engine::WindowRow shuffled;
        for (const auto& each : runs) shuffled.merge(each);
        CHECK(ordered == shuffled);
    }
}

TEST_CASE("merging is associative and commutative") {
    base::Random random{11};
    const auto row_of = [&](std::int64_t start) {
        engine::WindowRow row;
        std::vector<double> values(1 + random.below(20));
        for (auto& value : values) value = static_cast<double>(random.below(200)) / 2 - 50;
        row.merge(run(start, values));
        row.fail(random.chance(1, 2) ? "checksum" : "no response", 1 + random.below(5));
        row.late = random.below(3);
        return row;
    };
    const auto merged = [](engine::WindowRow one, const engine::WindowRow& other) {
        one.add(other);
        return one;
    };
    for (int round = 0; round < 200; ++round) {
        const auto a = row_of(0);
        const auto b = row_of(1'000);
        const auto c = row_of(2'000);
        const auto left = merged(merged(a, b), c);
        CHECK(left == merged(a, merged(b, c)));
        CHECK(left == merged(merged(c, a), b));
        CHECK(merged(a, b) == merged(b, a));
        CHECK(left.sketch.has_value());
    }
}

TEST_CASE("a quantile is within a hundredth of the exact one, and within min and max") {
    base::Random random{11};
    std::vector<double> all;
    engine::WindowRow row;
    for (std::int64_t i = 0; i < 500; ++i) {
        std::vector<double> values;
        for (std::uint64_t j = 0; j < 1 + random.below(20); ++j) {
            values.push_back(static_cast<double>(random.below(1'000'000)) / 1'000 - 200);
        }
        all.insert(all.end(), values.begin(), values.end());
        row.merge(run(100 * i, values));
    }
    std::sort(all.begin(), all.end());
    for (const double q : {0.0, 0.01, 0.5, 0.9, 0.99, 1.0}) {
        CAPTURE(q);
        const auto rank = static_cast<std::size_t>(q * static_cast<double>(all.size() - 1));
        const double exact = all[rank];
        REQUIRE(row.quantile(q));
        CHECK(std::abs(*row.quantile(q) - exact) <= 0.0101 * std::abs(exact) + 1e-9);
        CHECK(*row.quantile(q) >= row.summary.min);
        CHECK(*row.quantile(q) <= row.summary.max);
    }
}

TEST_CASE("no quantile is told of a window some of whose readings came without a distribution") {
    auto bare = run(20, {5, 6});
    bare.sketch.reset();
    engine::WindowRow row;
    CHECK_FALSE(row.quantile(0.5));  // No readings.
    row.merge(run(10, {1, 2}));
    CHECK(row.quantile(0.5));
    row.merge(bare);
    CHECK_FALSE(row.quantile(0.5));
    row.merge(run(40, {7}));
    CHECK_FALSE(row.quantile(0.5));
    engine::WindowRow other;
    other.merge(bare);
    other.merge(run(10, {1, 2}));
    CHECK_FALSE(other.quantile(0.5));
    engine::WindowRow longer;
    longer.merge(run(10, {1, 2}));
    longer.add(row);
    CHECK_FALSE(longer.quantile(0.5));
}

TEST_CASE("a window that keeps no distribution has none") {
    engine::WindowRow row;
    row.merge(run(10, {1, 2}), false);
    CHECK_FALSE(row.sketch);
}
