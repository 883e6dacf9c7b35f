// Goal: folding loses detail and nothing else: aggregate(raw) == merge(partials).
// Method: random readings, some at the same time and out of order, are folded once, and in random
// parts that are folded, written as a record, read back and merged in random order.

#include "delivery/records/span_fold.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace {

using delivery::Partial;
using delivery::SpanFold;

constexpr base::Duration kMinute = std::chrono::minutes{1};
constexpr base::Duration kQuarter = std::chrono::minutes{15};

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(ms);
}

struct Reading {
    std::int64_t ms = 0;
    double value = 0;
};

/// Over about an hour that begins before 1970. Times are distinct: of two readings of the same
/// time, the order alone decides which is the first.
std::vector<Reading> some_readings(base::Random& random) {
    std::vector<Reading> readings;
    std::int64_t ms = -1'234'567;
    const auto count = 1 + random.below(400);
    for (std::uint64_t i = 0; i < count; ++i) {
        ms += 1 + static_cast<std::int64_t>(random.below(30'000));
        readings.push_back({.ms = ms, .value = random.normal() * 20});
    }
    for (std::size_t i = 0; i + 1 < readings.size(); ++i) {
        if (random.chance(1, 10)) std::swap(readings[i], readings[i + 1]);
    }
    return readings;
}

/// What a record line makes of a column.
wire::PartialColumn sent(wire::PartialColumn column, base::EventTime time) {
    const wire::Data data{.at = time,
                          .clock = wire::ClockState::synced,
                          .boot = {},
                          .columns = {{.series = "a.b", .points = std::move(column)}}};
    const auto decoded = wire::decode_record(wire::encode_record({.body = data, .origin = {}}));
    REQUIRE_MESSAGE(decoded, (decoded ? "" : decoded.error().detail));
    return std::get<wire::PartialColumn>(
        std::get<wire::Data>(decoded.value().body).columns.front().points);
}

void check_same(const std::vector<Partial>& one, const std::vector<Partial>& other) {
    REQUIRE(one.size() == other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].start == other[i].start);
        CHECK(one[i].first_at == other[i].first_at);
        CHECK(one[i].last_at == other[i].last_at);
        CHECK(one[i].sketch == other[i].sketch);
        auto exact = one[i].summary;
        const auto& wanted = other[i].summary;
        CHECK(std::abs(exact.sum - wanted.sum) <=
              1e-12 * std::sqrt(static_cast<double>(wanted.count) * wanted.sumsq));
        CHECK(std::abs(exact.sumsq - wanted.sumsq) <= 1e-12 * wanted.sumsq);
        exact.sum = wanted.sum;
        exact.sumsq = wanted.sumsq;
        CHECK(exact == wanted);
    }
}

}  // namespace

TEST_SUITE("wire/span_fold") {
    TEST_CASE("merging partials of any parts in any order gives what the readings give") {
        base::Random random{11};
        for (int round = 0; round < 200; ++round) {
            const auto readings = some_readings(random);
            SpanFold whole{kQuarter};
            std::vector<wire::PartialColumn> columns;
            SpanFold part{kMinute};
            for (const auto& reading : readings) {
                whole.add(at(reading.ms), reading.value);
                part.add(at(reading.ms), reading.value);
                if (!random.chance(1, 20)) continue;
                columns.push_back(
                    sent(delivery::column_of(part.take_all(), kMinute, at(7)), at(7)));
            }
            if (!part.empty())
                columns.push_back(delivery::column_of(part.take_all(), kMinute, at(7)));
            for (std::size_t i = columns.size(); i > 1; --i) {
                std::swap(columns[i - 1], columns[random.below(i)]);
            }
            SpanFold merged{kQuarter};
            for (const auto& column : columns) {
                REQUIRE(merged.fits(column, at(7)));
                merged.merge(column, at(7));
            }
            check_same(merged.take_all(), whole.take_all());
        }
    }

    TEST_CASE("spans are half-open and aligned, before 1970 too") {
        SpanFold fold{kMinute};
        for (const std::int64_t ms : {-60'001, -60'000, -1, 0, 59'999, 60'000}) {
            fold.add(at(ms), static_cast<double>(ms));
        }
        const auto partials = fold.take_all();
        REQUIRE(partials.size() == 4);
        CHECK(partials[0].start == at(-120'000));
        CHECK(partials[1].start == at(-60'000));
        CHECK(partials[1].summary.count == 2);
        CHECK(partials[2].start == at(0));
        CHECK(partials[2].last_at == at(59'999));
        CHECK(partials[3].start == at(60'000));
        CHECK(fold.empty());
    }

    TEST_CASE("spans that are over can be taken while the newest goes on") {
        SpanFold fold{kMinute};
        for (const std::int64_t ms : {10, 60'010, 120'010}) fold.add(at(ms), 1);
        CHECK(fold.take_until(at(59'999)).empty());
        CHECK(fold.take_until(at(120'000)).size() == 2);
        CHECK(fold.spans() == 1);
        fold.add(at(130'000), 2);
        CHECK(fold.take_until(at(180'000)).front().summary.count == 2);
        CHECK(fold.empty());
    }

    TEST_CASE("a partial that reaches beyond a span does not fit") {
        struct Case {
            std::int64_t start;
            base::Duration span;
            bool fits;
        };
        for (const auto& [start, span, fits] : {Case{0, kMinute, true},
                                                {1, kMinute, false},
                                                {59'000, std::chrono::seconds{1}, true},
                                                {59'001, std::chrono::seconds{1}, false},
                                                {0, kQuarter, false}}) {
            SpanFold source{span};
            source.add(at(0), 1);
            auto column = delivery::column_of(source.take_all(), span, at(0));
            column.dt_ms = {start};
            CHECK_MESSAGE(SpanFold{kMinute}.fits(column, at(0)) == fits, column.dt_ms.front());
        }
    }

    TEST_CASE("a part without a sketch or without times is merged as what it is") {
        SpanFold fold{kMinute};
        fold.add(at(1000), 5);
        wire::PartialColumn column{.span = kMinute, .dt_ms = {0}, .summaries = {}, .sketches = {}};
        column.summaries.push_back(wire::Summary::of(7));
        fold.merge(column, at(0));
        const auto partials = fold.take_all();
        CHECK(partials.front().summary.first == 7);
        CHECK(partials.front().summary.last == 7);
        CHECK_FALSE(partials.front().sketch);
        CHECK(sent(delivery::column_of(partials, kMinute, at(0)), at(0)).sketches.empty());
    }

    TEST_CASE("times outside their span are refused") {
        SpanFold fold{kMinute};
        fold.add(at(1000), 5);
        const auto good = delivery::column_of(fold.take_all(), kMinute, at(0));
        for (const auto& [first, last] :
             {std::pair{-1, 5}, std::pair{6, 5}, std::pair{0, 60'000}}) {
            auto column = good;
            column.first_dt_ms = {first};
            column.last_dt_ms = {last};
            const wire::Data data{.at = at(0),
                                  .clock = wire::ClockState::synced,
                                  .boot = {},
                                  .columns = {{.series = "a.b", .points = column}}};
            const auto line = wire::encode_record({.body = data, .origin = {}});
            CHECK_FALSE(wire::decode_record(line));
        }
    }
}
