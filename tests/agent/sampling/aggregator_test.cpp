// Goal: a series sent as partials gives the same figures as the raw one. Method: the same readings
// folded whole, and through aggregators, records and merges; everything but the sums must be equal.
#include "agent/sampling/aggregator.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/random.hpp"
#include "wire/record.hpp"

namespace {

using agent::Aggregator;
using delivery::Flush;
using delivery::PendingReading;
using namespace std::chrono_literals;

constexpr std::int64_t kStart = 1'763'630'000'000;

PendingReading reading(std::int64_t ms, double value,
                       wire::ClockState clock = wire::ClockState::synced) {
    return {.series = 0, .at_ms = kStart + ms, .value = value, .clock = clock};
}

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(kStart + ms);
}

const std::vector<std::string> kNames{"room.temperature", "room.humidity"};

Flush lines_of(Aggregator& aggregator) {
    Flush flush;
    delivery::add_partial_lines(aggregator.take(), kNames, "0f6c1d7e", flush);
    return flush;
}

bool is_near(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

}  // namespace

TEST_SUITE("agent/aggregator") {
    TEST_CASE("merged partials are the aggregate of the raw readings") {
        base::Random random{11};
        for (int round = 0; round < 30; ++round) {
            delivery::SpanFold whole{1min};
            Aggregator aggregator;
            Flush flush;
            std::int64_t ms = 0;
            for (int i = 0; i < 500; ++i) {
                ms += static_cast<std::int64_t>(random.below(400));
                const double value = 20 + random.normal();
                whole.add(at(ms), value);
                aggregator.add(reading(ms, value), 10s);
                if (random.chance(1, 20)) aggregator.close_until({.at = at(ms)});
                if (random.chance(1, 50)) aggregator.close(0);  // A place is committed.
            }
            aggregator.close_all();
            delivery::add_partial_lines(aggregator.take(), kNames, "0f6c1d7e", flush);
            delivery::SpanFold merged{1min};
            std::uint64_t readings = 0;
            for (std::size_t i = 0; i < flush.lines.size(); ++i) {
                const auto record = wire::decode_record(flush.lines[i]);
                REQUIRE_MESSAGE(record, flush.lines[i]);
                const auto& data = std::get<wire::Data>(record.value().body);
                CHECK(data.readings() == flush.contents[i].readings);
                readings += data.readings();
                for (const auto& column : data.columns) {
                    merged.merge(std::get<wire::PartialColumn>(column.points), data.at);
                }
            }
            CHECK(readings == 500);
            const auto expected = whole.take_all();
            const auto parts = merged.take_all();
            REQUIRE(parts.size() == expected.size());
            for (std::size_t i = 0; i < parts.size(); ++i) {
                CHECK(parts[i].start == expected[i].start);
                CHECK(parts[i].first_at == expected[i].first_at);
                CHECK(parts[i].last_at == expected[i].last_at);
                CHECK(parts[i].summary.count == expected[i].summary.count);
                CHECK(parts[i].summary.min == expected[i].summary.min);
                CHECK(parts[i].summary.max == expected[i].summary.max);
                CHECK(parts[i].summary.first == expected[i].summary.first);
                CHECK(parts[i].summary.last == expected[i].summary.last);
                CHECK(parts[i].sketch == expected[i].sketch);
                CHECK(is_near(parts[i].summary.sum, expected[i].summary.sum));
                CHECK(is_near(parts[i].summary.sumsq, expected[i].summary.sumsq));
            }
        }
    }

    TEST_CASE("a span waits for its end") {
        Aggregator aggregator;
        aggregator.add(reading(1'000, 20), 10s);
        aggregator.close_until({.at = at(9'999)});
        CHECK(aggregator.closed() == 0);
        aggregator.close_until({.at = at(10'000)});
        CHECK(aggregator.closed() == 1);
    }

    TEST_CASE("readings of two clocks never share a partial") {
        Aggregator aggregator;
        aggregator.add(reading(1'000, 20, wire::ClockState::holdover), 10s);
        aggregator.add(reading(2'000, 21), 10s);
        aggregator.close_all();
        const auto partials = aggregator.take();
        REQUIRE(partials.size() == 2);
        CHECK(partials[0].like.clock == wire::ClockState::holdover);
        CHECK(partials[1].like.clock == wire::ClockState::synced);
        CHECK(partials[1].partial.summary.count == 1);
        delivery::Flush flush;
        delivery::add_partial_lines(partials, kNames, "0f6c1d7e", flush);
        CHECK(flush.lines.size() == 2);
    }

    TEST_CASE("a partial names the boot, and the time since it at which it starts") {
        Aggregator aggregator;
        auto first = reading(4'000, 20);
        first.since_boot = 90s;
        aggregator.add(first, 10s);
        auto young = reading(4'000, 20);
        young.series = 1;
        young.since_boot = 1s;  // The span began before the boot.
        young.epoch = 1;
        aggregator.add(young, 10s);
        aggregator.close_all();
        Flush flush = lines_of(aggregator);
        REQUIRE(flush.lines.size() == 2);
        const auto old_data =
            std::get<wire::Data>(wire::decode_record(flush.lines[0]).value().body);
        CHECK(old_data.boot == "0f6c1d7e");
        CHECK(old_data.since_boot == 90s - (at(4'000) - old_data.at));
        const auto young_data =
            std::get<wire::Data>(wire::decode_record(flush.lines[1]).value().body);
        CHECK(!young_data.since_boot);
    }

    TEST_CASE("readings on both sides of a step of the clock never share a partial") {
        Aggregator aggregator;
        auto before = reading(1'000, 20);
        before.since_boot = 90s;
        auto after = reading(2'000, 20);
        after.since_boot = 91s;
        after.epoch = 1;
        aggregator.add(before, 10s);
        aggregator.add(after, 10s);
        aggregator.close_all();
        CHECK(aggregator.take().size() == 2);
    }

    TEST_CASE("a source that runs ahead keeps a bounded number of spans open") {
        Aggregator aggregator;
        for (std::int64_t i = 0; i < 1'000; ++i) aggregator.add(reading(i * 10'000, 1), 10s);
        const auto left = 1'000 - aggregator.closed();
        CHECK(left <= Aggregator::kOpenSpansMax);
    }

    TEST_CASE("a sketch that is too large is left out, and the next one is not") {
        Aggregator aggregator;
        for (int i = 0; i < 8000; ++i) {
            aggregator.add(reading(i, (i % 2 == 0 ? 1 : -1) * std::exp2(i / 140.0)), 10s);
        }
        aggregator.add(reading(10'000, 20), 10s);
        aggregator.close_all();
        const auto flush = lines_of(aggregator);
        std::size_t sketches = 0;
        for (const auto& line : flush.lines) {
            const auto record = wire::decode_record(line);
            REQUIRE(record);
            const auto& data = std::get<wire::Data>(record.value().body);
            for (const auto& column : data.columns) {
                sketches += std::get<wire::PartialColumn>(column.points).sketches.size();
            }
        }
        CHECK(sketches == 1);
    }

    TEST_CASE("whatever the sketches weigh, every partial fits into a line and none is lost") {
        Aggregator aggregator;
        for (int i = 0; i < 40'000; ++i) {
            aggregator.add(reading(i, std::pow(10.0, (i % 4'000) / 250.0)), 10s);
        }
        aggregator.close_all();
        const auto flush = lines_of(aggregator);
        std::uint64_t readings = 0;
        for (const auto& content : flush.contents) readings += content.readings;
        CHECK(readings == 40'000);
        for (const auto& line : flush.lines) CHECK(line.size() <= delivery::kLineBytesUsed);
    }
}
