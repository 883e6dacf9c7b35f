// Goal: from the node's commit on, a reading is counted exactly once, whatever dies.
// Method: five kinds of real processes; a CSV is replayed as fast as it goes while processes are
// killed with SIGKILL at random moments and started again; then the windows in central's database
// must equal those computed from the file alone.
// Reproduce: the order of the kills comes from the printed seed (SEED=n); their moments in the
// processes' lives do not.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "base/json.hpp"
#include "base/random.hpp"
#include "line/csv_oracle.hpp"
#include "line/running_line.hpp"
#include "sinks/sqlite_query.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int kKillsEach = 3;

const std::vector<std::pair<std::string, std::string>> kColumns{{"Temperature", "temperature:Cel"},
                                                                {"Humidity", "humidity:%RH"},
                                                                {"Light", "light:lx"},
                                                                {"CO2", "co2:ppm"},
                                                                {"Occupancy", "occupancy:/"}};

std::string quantity_of(const std::string& mapping) {
    return mapping.substr(0, mapping.find(':'));
}

std::string replay_sensor(const std::string& file) {
    std::string text = "[[sensor]]\nname = \"office\"\ndriver = \"replay\"\nfile = \"" + file +
                       "\"\ntime_column = \"date\"\nspeed = \"max\"\n[sensor.columns]\n";
    for (const auto& [column, mapping] : kColumns) text += column + " = \"" + mapping + "\"\n";
    return text;
}

std::uint64_t seed_of_run() {
    const char* named = std::getenv("SEED");
    return named != nullptr ? std::stoull(named) : base::entropy() % 1'000'000;
}

/// How many readings central has committed: the sum over the series it shows.
std::uint64_t committed_readings(const line::RunningLine& running) {
    const auto json = base::parse_json(running.get("/api/v1/series"), {.bytes_max = 1U << 20U});
    if (!json) return 0;
    const auto* items = json.value().find("items");
    std::uint64_t total = 0;
    if (items == nullptr) return 0;
    for (const auto& item : items->array) {
        if (const auto* readings = item.find("readings"); readings != nullptr) {
            total += readings->count();
        }
    }
    return total;
}

/// Kills random parts until each kind was killed often enough; gives the number of kills.
int kill_at_random(line::RunningLine& running, base::Random& random) {
    std::map<std::string, int> kills;
    const auto parts = running.parts();
    const auto enough = [&] {
        for (const auto& part : parts) {
            if (kills[part] < kKillsEach) return false;
        }
        return true;
    };
    int total = 0;
    while (!enough()) {
        base::pause_for(base::Duration{20 + static_cast<std::int64_t>(random.below(280))});
        const auto& victim = parts[random.below(parts.size())];
        running.kill(victim);
        // Sometimes a second one goes before the first is back.
        const auto& other = parts[random.below(parts.size())];
        const bool both = other != victim && random.chance(1, 4);
        if (both) running.kill(other);
        base::pause_for(base::Duration{static_cast<std::int64_t>(random.below(150))});
        running.start(victim);
        ++kills[victim];
        ++total;
        if (!both) continue;
        running.start(other);
        ++kills[other];
        ++total;
    }
    return total;
}

using OracleWindows = std::map<std::int64_t, line::OracleWindow>;

void compare(sinks::Query& query, const std::string& series, base::Duration span,
             const OracleWindows& wanted) {
    CAPTURE(series);
    CAPTURE(span.count());
    const auto rows = query.windows({.node = "office",
                                     .series = series,
                                     .span = span,
                                     .from = base::from_milliseconds(0),
                                     .to = base::from_milliseconds(4'102'444'800'000),
                                     .rows_max = 100'000});
    REQUIRE(rows);
    REQUIRE(rows.value().size() == wanted.size());
    auto expected = wanted.begin();
    for (const auto& [start, row] : rows.value()) {
        REQUIRE(base::to_milliseconds(start) == expected->first);
        const auto& window = expected->second;
        REQUIRE(row.summary.count == window.count);
        REQUIRE(row.summary.min == window.min);
        REQUIRE(row.summary.max == window.max);
        REQUIRE(row.summary.first == window.first);
        REQUIRE(row.summary.last == window.last);
        REQUIRE(std::abs(row.summary.sum - window.sum) <= 1e-9 * std::abs(window.sum));
        ++expected;
    }
}

void run_line(int bridges) {
    const auto data = line::test_data_folder();
    if (data.empty()) {
        MESSAGE("skipped: no folder with test data (LEAT_TEST_DATA)");
        return;
    }
    const auto seed = seed_of_run();
    CAPTURE(seed);
    std::cout << "seed " << seed << '\n';
    base::Random random{seed};
    const auto file = data + "/occupancy/occupancy.csv";
    std::vector<std::string> columns;
    for (const auto& [column, mapping] : kColumns) columns.push_back(column);
    const auto oracle = line::compute_oracle(file, columns);
    REQUIRE(oracle.readings == 40'715);

    line::RunningLine running{
        {.bridges = bridges, .nodes = {{"office", replay_sensor(file)}}, .flush = "100ms"}};
    const int kills = kill_at_random(running, random);
    const bool arrived = support::eventually(
        [&] { return committed_readings(running) >= oracle.readings; }, 150s, 200ms);
    CAPTURE(committed_readings(running));
    CAPTURE(running.log("central"));
    CAPTURE(running.log("office"));
    REQUIRE(arrived);
    std::cout << kills << " kills, " << committed_readings(running) << " readings\n";

    for (const auto& part : {"office", "central", "bridge-1"}) {
        CAPTURE(part);
        CHECK(running.stop(part) == 0);
    }
    auto query = sinks::SqliteQuery::open(running.database());
    REQUIRE(query);
    for (const auto& [column, mapping] : kColumns) {
        const auto series = "office." + quantity_of(mapping);
        compare(*query.value(), series, 1min, oracle.minutes.at(column));
        compare(*query.value(), series, 1h, oracle.hours.at(column));
    }
    std::uint64_t counted = 0;
    const auto all = query.value()->series("office");
    REQUIRE(all);
    for (const auto& row : all.value()) counted += row.readings;
    CHECK(counted == oracle.readings);
}

}  // namespace

TEST_SUITE("line") {
    TEST_CASE(
        "a replayed file is counted exactly once while every process is killed again and again") {
        run_line(1);
    }

    TEST_CASE("the same with two bridges that share the work") {
        run_line(2);
    }
}
