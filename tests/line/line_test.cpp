// Goal: from the node's commit on, a reading is counted exactly once, whatever dies.
// Method: five kinds of real processes. A CSV is replayed at full speed while processes are killed
// with SIGKILL at random moments and started again. Then the windows in central's database must
// equal those computed from the file alone.
// Reproduce: the order of the kills comes from the printed seed (SEED=n); the moments at which they
// hit the processes do not.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "base/json.hpp"
#include "base/random.hpp"
#include "central/sinks/database_query.hpp"
#include "line/csv_oracle.hpp"
#include "line/running_line.hpp"
#include "support/eventually.hpp"
#include "support/test_data.hpp"

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

std::string replay_sensor(const std::string& file, const std::string& speed) {
    std::string text = "[[sensor]]\nname = \"office\"\ndriver = \"replay\"\nfile = \"" + file +
                       "\"\ntime_column = \"date\"\nspeed = \"" + speed + "\"\n[sensor.columns]\n";
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

/// The pace of the kills: the shortest and the longest time between two.
struct Pace {
    base::Duration least;
    base::Duration most;
    bool meets_work = true;  // If so, a kill after the last reading does not count.
};

/// Kills random parts until each was killed often enough, always while readings are on their way.
/// Returns the number of kills.
int kill_at_random(line::RunningLine& running, base::Random& random, const Pace& pace,
                   std::uint64_t readings) {
    std::map<std::string, int> kills;
    const auto parts = running.parts();
    const auto enough = [&] {
        for (const auto& part : parts) {
            if (kills[part] < kKillsEach) return false;
        }
        return true;
    };
    const auto kill = [&](const std::string& victim) {
        // A kill counts only while there is something left to lose.
        if (!pace.meets_work || committed_readings(running) < readings) ++kills[victim];
        running.kill(victim);
    };
    int total = 0;
    for (; !enough(); ++total) {
        REQUIRE_MESSAGE(total < 200, "the line was done before every process had been killed");
        const auto spread = static_cast<std::uint64_t>((pace.most - pace.least).count());
        base::pause_for(pace.least +
                        base::Duration{static_cast<std::int64_t>(random.below(spread + 1))});
        // The least often killed come first, so that each has its turn while there is work left.
        const auto least = std::min_element(parts.begin(), parts.end(),
                                            [&](auto& x, auto& y) { return kills[x] < kills[y]; });
        const auto& victim = random.chance(1, 2) ? *least : parts[random.below(parts.size())];
        kill(victim);
        // Sometimes a second one is killed before the first is back.
        const auto& other = parts[random.below(parts.size())];
        const bool both = other != victim && random.chance(1, 4);
        if (both) kill(other);
        base::pause_for(base::Duration{static_cast<std::int64_t>(random.below(100))});
        running.start(victim);
        if (both) running.start(other);
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

struct Run {
    int bridges = 1;
    std::string speed;
    Pace pace;
    bool has_postgres = false;
};

void run_line(const Run& run) {
    const auto data = support::test_data_folder();
    if (data.empty()) {
        // ctest looks for these words; see CMakeLists.txt.
        std::cout << "skipped: no folder with test data (LEAT_TEST_DATA)\n";
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

    line::RunningLine running{{.bridges = run.bridges,
                               .nodes = {{"office", replay_sensor(file, run.speed)}},
                               .flush = "100ms",
                               .has_postgres = run.has_postgres}};
    const int kills = kill_at_random(running, random, run.pace, oracle.readings);
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
    auto query = sinks::DatabaseQuery::open(running.database());
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
    // The file is read within a fifth of a second, and two batches carry it. The kills are so close
    // together that for a while nothing gets through at all.
    TEST_CASE(
        "a file replayed at full speed is counted exactly once while every process is killed") {
        run_line({.bridges = 1,
                  .speed = "max",
                  .pace = {.least = 5ms, .most = 120ms, .meets_work = false}});
    }

    TEST_CASE(
        "over PostgreSQL, too, a file is counted exactly once while every process is killed") {
        run_line({.bridges = 1,
                  .speed = "16000x",
                  .pace = {.least = 100ms, .most = 700ms},
                  .has_postgres = true});
    }

    // The file takes half a minute, so that every kill finds records at every stage.
    TEST_CASE("a file replayed in half a minute is counted exactly once, with two bridges") {
        run_line({.bridges = 2, .speed = "16000x", .pace = {.least = 100ms, .most = 700ms}});
    }
}
