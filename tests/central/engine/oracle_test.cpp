// Goal: whatever a fleet sends - late, out of order, before 1970 - every reading counts exactly
// once in every span, and the rows are what a plain recomputation from all readings gives. Method:
// random records of several nodes go through the engine with random commits and restarts; an
// independent oracle keeps every reading and computes the rows by sorting. Values are multiples of
// 1/4, so that sums are exact and rows must be equal. SEED=n repeats one run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

struct Seen {
    std::int64_t t;
    std::size_t order;
    double value;
    std::int64_t watermark;  // Of the node, before the record.
};

using SeriesKey = std::pair<std::string, std::string>;

std::int64_t floor_to(std::int64_t t, std::int64_t span) {
    const auto rest = ((t % span) + span) % span;
    return t - rest;
}

engine::WindowRow expected_row(std::vector<Seen> seen, base::Duration span, std::int64_t end) {
    std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
        return std::tie(a.t, a.order) < std::tie(b.t, b.order);
    });
    engine::WindowRow row;
    row.first_at = base::from_milliseconds(seen.front().t);
    row.last_at = base::from_milliseconds(seen.back().t);
    auto& summary = row.summary;
    summary.count = seen.size();
    summary.min = summary.max = summary.first = seen.front().value;
    summary.last = seen.back().value;
    for (const auto& reading : seen) {
        summary.sum += reading.value;
        summary.sumsq += reading.value * reading.value;
        summary.min = std::min(summary.min, reading.value);
        summary.max = std::max(summary.max, reading.value);
        if (end <= reading.watermark) ++row.late;
        if (span < 15min) continue;
        if (!row.sketch) row.sketch.emplace();
        row.sketch->add(reading.value);
    }
    return row;
}

/// Sends random records and keeps every reading.
class World {
  public:
    explicit World(std::uint64_t seed) : random_(seed), feed({.rows_max = 20, .nodes_max = 2}) {}

    void run(int records) {
        for (int i = 0; i < records; ++i) {
            send();
            if (random_.chance(1, 7)) feed.commit();
            if (random_.chance(1, 50)) {
                feed.commit();
                feed.engine.forget();
            }
        }
        feed.commit();
    }

    void check() const {
        std::map<engine::WindowKey, std::vector<Seen>> windows;
        for (const auto& [series, all] : seen_) {
            for (const auto& reading : all) {
                for (const auto span : engine::EngineOptions{}.spans) {
                    const auto start = floor_to(reading.t, span.count());
                    windows[{span, series.first, series.second, base::from_milliseconds(start)}]
                        .push_back(reading);
                }
            }
        }
        std::map<engine::WindowKey, std::uint64_t> failed;
        for (const auto& [series, all] : failed_) {
            for (const auto& [t, count] : all) {
                for (const auto span : engine::EngineOptions{}.spans) {
                    const auto start = base::from_milliseconds(floor_to(t, span.count()));
                    const engine::WindowKey key{span, series.first, series.second, start};
                    failed[key] += count;
                    windows[key];
                }
            }
        }
        REQUIRE(windows.size() == feed.memory.windows.size());
        for (const auto& [key, all] : windows) {
            auto row = feed.memory.windows.at(key);
            CHECK(row.revision > 0);
            CHECK(row.failed == failed[key]);
            row.revision = 0;
            std::uint64_t with_reason = 0;
            for (const auto& one : row.reasons) with_reason += one.readings;
            CHECK(with_reason == row.failed);
            row.failed = 0;
            row.reasons.clear();
            if (all.empty()) {
                CHECK(row == engine::WindowRow{});
            } else {
                const auto end = base::to_milliseconds(key.start + key.span);
                CHECK(row == expected_row(all, key.span, end));
            }
        }
        check_merges();
        for (const auto& [series, all] : seen_) {
            CHECK(feed.memory.all_series.at(series).readings == all.size());
        }
        CHECK_FALSE(failed.empty());
        CHECK(late_ > 0);
    }

  private:
    /// A row of a longer window is what its shorter ones merge to, in whatever order.
    void check_merges() const {
        const auto& rows = feed.memory.windows;
        std::map<engine::WindowKey, engine::WindowRow> merged;
        const auto add = [&](const engine::WindowKey& key, const engine::WindowRow& row) {
            const bool is_quarter = key.span == base::Duration{15min};
            if (!is_quarter && key.span != base::Duration{1h}) return;
            const base::Duration longer = is_quarter ? base::Duration{1h} : base::Duration{24h};
            const auto start = engine::window_start(key.start, longer);
            merged[{longer, key.node, key.series, start}].add(row);
        };
        for (auto it = rows.rbegin(); it != rows.rend(); ++it) add(it->first, it->second);
        CHECK_FALSE(merged.empty());
        for (const auto& [key, row] : merged) {
            const auto& stored = rows.at(key);
            CHECK(row.sketch == stored.sketch);
            CHECK(row.failed == stored.failed);
            CHECK(row.summary.count == stored.summary.count);
            CHECK(row.summary.sum == stored.summary.sum);
            CHECK(row.summary.min == stored.summary.min);
            CHECK(row.summary.max == stored.summary.max);
            CHECK(row.first_at == stored.first_at);
            CHECK(row.last_at == stored.last_at);
        }
    }

    /// Counts of failures around a time, of two series.
    void send_failures(const std::string& node, std::int64_t around) {
        wire::Failed record{.at = base::from_milliseconds(floor_to(around, 10'000)),
                            .clock = wire::ClockState::synced,
                            .boot = {},
                            .span = 10s,
                            .columns = {}};
        std::uint64_t sum = 0;
        for (const std::string series : {"s.q0", "s.q1"}) {
            wire::FailedColumn column{.series = series, .reason = "r", .dt_ms = {}, .counts = {}};
            for (int i = 0; i < 3; ++i) {
                const auto dt = 10'000 * (static_cast<std::int64_t>(random_.below(30)) - 15);
                column.dt_ms.push_back(dt);
                column.counts.push_back(1 + random_.below(9));
                sum += column.counts.back();
                failed_[{node, series}].emplace_back(base::to_milliseconds(record.at) + dt,
                                                     column.counts.back());
            }
            record.columns.push_back(column);
        }
        const auto outcome = feed.accept(wire::encode_record({.body = record, .origin = {}}), node);
        CHECK(outcome.failed == sum);
    }

    void send() {
        const std::string node = "node-" + std::to_string(random_.below(4));
        // Mostly the present, at times a day ago or long before 1970.
        now_[node] += static_cast<std::int64_t>(random_.below(30'000));
        auto start = now_[node];
        if (random_.chance(1, 10)) start -= 86'400'000;
        if (random_.chance(1, 40)) start = -2'000'000'000'000 + start % 10'000'000;
        if (random_.chance(1, 5)) send_failures(node, start);
        wire::Data record{.at = base::from_milliseconds(start),
                          .clock = wire::ClockState::synced,
                          .boot = {},
                          .columns = {}};
        const auto watermark = newest_.contains(node) ? newest_[node] - 10'000 : INT64_MIN;
        auto newest = newest_.contains(node) ? newest_[node] : INT64_MIN;
        for (std::uint64_t s = 0; s < 1 + random_.below(3); ++s) {
            const auto series = "s.q" + std::to_string(s);
            wire::RawColumn column;
            std::int64_t dt = 0;
            for (std::uint64_t i = 0; i < 1 + random_.below(20); ++i) {
                dt += static_cast<std::int64_t>(random_.below(9'000));
                if (random_.chance(1, 6)) dt -= static_cast<std::int64_t>(random_.below(70'000));
                const double value = static_cast<double>(random_.below(4'000)) / 4 - 500;
                column.dt_ms.push_back(dt);
                column.values.push_back(value);
                seen_[{node, series}].push_back({start + dt, order_++, value, watermark});
                newest = std::max(newest, start + dt);
            }
            record.columns.push_back({.series = series, .points = column});
        }
        newest_[node] = newest;
        const auto received = base::from_milliseconds(now_[node] + 86'400'000);
        const auto line = wire::encode_record({.body = record, .origin = {}});
        const auto outcome = feed.accept(line, node, received);
        CHECK(outcome.readings == record.readings());
        CHECK(outcome.future == 0);
        late_ += outcome.late;
    }

    base::Random random_;
    std::map<SeriesKey, std::vector<Seen>> seen_;
    std::map<SeriesKey, std::vector<std::pair<std::int64_t, std::uint64_t>>> failed_;
    std::map<std::string, std::int64_t> now_;
    std::map<std::string, std::int64_t> newest_;
    std::size_t order_ = 0;
    std::uint64_t late_ = 0;

  public:
    Feed feed;
};

}  // namespace

TEST_CASE("the rows are what a recomputation from all readings gives") {
    const char* wanted = std::getenv("SEED");
    const std::uint64_t first = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1;
    for (std::uint64_t seed = first; seed < first + (wanted != nullptr ? 1 : 20); ++seed) {
        CAPTURE(seed);
        World world{seed};
        world.run(300);
        world.check();
    }
}

TEST_CASE("the same records give the same changes, bit for bit") {
    World one{42};
    World two{42};
    one.run(200);
    two.run(200);
    CHECK(one.feed.memory.windows == two.feed.memory.windows);
}
