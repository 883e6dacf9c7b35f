// Goal: what one node does to its own time harms neither its tables nor anybody else's. Method: a
// week of a real office (occupancy/occupancy.csv below LEAT_TEST_DATA, or ../shared/data beside the
// sources; without it that test is skipped) is sent by two nodes: undisturbed, and with one of them
// offline for 30 % of the time, while commits and restarts fall where they may; all tables and
// findings must be equal. Then a node whose clock is ten years ahead joins. SEED=n repeats one run.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"
#include "support/test_data.hpp"

using namespace engine_test;

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::array<const char*, 6> kColumns{"climate.temperature", "climate.humidity",
                                              "light.level",         "air.co2",
                                              "climate.ratio",       "door.motion"};

std::uint64_t seed_of_run() {
    const char* given = std::getenv("SEED");
    return given != nullptr ? std::stoull(given) : 20261129;
}

std::string record(std::int64_t minute, const std::vector<double>& values) {
    std::vector<wire::Column> columns;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        columns.push_back(raw(kColumns[i], {{0, values.at(i)}}));
    }
    return wire::encode_record({.body = wire::Data{.at = at(minute * kMinute),
                                                   .clock = wire::ClockState::synced,
                                                   .boot = "b",
                                                   .columns = columns},
                                .origin = {}});
}

/// Everything that people see: rows without how often they were written, and findings.
struct Tables {
    std::map<engine::WindowKey, engine::WindowRow> windows;
    std::map<detect::FindingKey, detect::Finding> findings;

    friend bool operator==(const Tables&, const Tables&) = default;
};

Tables tables_of(Feed& feed, const std::string& without = {}) {
    feed.commit();
    Tables tables{feed.memory.windows, feed.memory.findings};
    for (auto& [key, row] : tables.windows) row.revision = 0;
    std::erase_if(tables.windows, [&](const auto& item) { return item.first.node == without; });
    std::erase_if(tables.findings, [&](const auto& item) { return item.first.node == without; });
    return tables;
}

/// Which minutes the node is offline: outages of up to six hours, 30 % of the time.
std::vector<bool> outages(std::size_t minutes, base::Random& random) {
    std::vector<bool> offline(minutes, false);
    const auto wanted = static_cast<std::ptrdiff_t>(minutes * 3 / 10);
    while (std::count(offline.begin(), offline.end(), true) < wanted) {
        const auto from = random.below(minutes);
        const auto to = std::min<std::size_t>(minutes, from + 1 + random.below(360));
        for (auto i = from; i < to; ++i) offline[i] = true;
    }
    return offline;
}

Tables run(const std::vector<std::vector<double>>& rows, const std::vector<bool>& offline,
           std::uint64_t seed) {
    base::Random random{seed};
    Feed feed{engine::EngineOptions{.rows_max = 100, .nodes_max = 2}};
    std::vector<std::string> outbox;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto minute = static_cast<std::int64_t>(i);
        const auto now = at((minute + 1) * kMinute);
        feed.accept(record(minute, rows[i]), "other", now);
        outbox.push_back(record(minute, rows[i]));
        if (i < offline.size() && offline[i]) continue;
        for (const auto& line : outbox) feed.accept(line, "office", now);
        outbox.clear();
        if (random.chance(1, 20)) feed.commit();
        if (random.chance(1, 500)) {
            feed.commit();
            feed.engine.forget();
        }
    }
    for (const auto& line : outbox) feed.accept(line, "office", at(1'000'000'000));
    return tables_of(feed);
}

std::vector<std::vector<double>> made_rows(std::size_t minutes, base::Random& random) {
    std::vector<std::vector<double>> rows(minutes);
    for (auto& row : rows) {
        for (std::size_t i = 0; i < kColumns.size(); ++i) row.push_back(20 + random.normal());
    }
    return rows;
}

}  // namespace

TEST_CASE("a week of a real office, 30 % of it offline, gives the tables of the undisturbed week") {
    const std::string path = support::test_data_folder() + "/occupancy/occupancy.csv";
    const auto rows = support::read_office(path);
    if (rows.empty()) {
        MESSAGE("skipped: there is no " << path);
        return;
    }
    const auto seed = seed_of_run();
    CAPTURE(seed);
    base::Random random{seed};
    const auto offline = outages(rows.size(), random);
    const auto undisturbed = run(rows, {}, seed);
    CHECK(run(rows, offline, seed + 1) == undisturbed);
    CHECK_FALSE(undisturbed.findings.empty());
    std::uint64_t counted = 0;
    for (const auto& [key, row] : undisturbed.windows) {
        if (key.span == 24h && key.node == "office") counted += row.summary.count;
    }
    CHECK(counted == rows.size() * kColumns.size());
}

TEST_CASE("a node ten years in the future hurts nobody else") {
    const auto seed = seed_of_run();
    CAPTURE(seed);
    base::Random random{seed};
    const auto rows = made_rows(2'000, random);
    const auto run_with = [&](bool has_stranger) {
        Feed feed{engine::EngineOptions{.rows_max = 100, .nodes_max = 3}};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto minute = static_cast<std::int64_t>(i);
            const auto now = at((minute + 1) * kMinute);
            feed.accept(record(minute, rows[i]), "office", now);
            constexpr std::int64_t kTenYears = 10 * 365 * 1'440;
            if (has_stranger) feed.accept(record(minute + kTenYears, rows[i]), "ahead", now);
            if (i % 17 == 0) feed.commit();
        }
        const auto ahead = feed.engine.watermark("ahead");
        CHECK_FALSE(ahead);
        CHECK(feed.engine.watermark("office") == at(1'999 * kMinute) - 10s);
        auto tables = tables_of(feed, "ahead");
        CHECK(feed.memory.windows.size() == tables.windows.size() * (has_stranger ? 2 : 1));
        return tables;
    };
    CHECK(run_with(true) == run_with(false));
}
