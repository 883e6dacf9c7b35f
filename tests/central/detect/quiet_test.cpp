// Goal: alerts that nobody needs are rare: at most one in 15 000 readings.
// Method: thirty days of twenty rooms in which nothing happens, and a week of a real office, each
// column of it; count the alerts. The office's file is read from LEAT_TEST_DATA/occupancy (or
// ../shared/data/occupancy beside the sources); without it that test is skipped.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "central/detect/contextual/detector.hpp"
#include "support/test_data.hpp"

using detect::contextual::Detector;

namespace {

constexpr std::uint64_t kReadingsAnAlert = 15'000;

struct Count {
    std::uint64_t readings = 0;
    std::uint64_t alerts = 0;
};

/// One reading a minute, to a tenth of a degree, as sensors give it.
Count judge_room(unsigned seed, double noise_deviation, Count count) {
    std::mt19937 chance{seed};
    std::normal_distribution<double> noise{0, noise_deviation};
    Detector detector;
    for (int minute = 0; minute < 30 * 1'440; ++minute) {
        const double daily = 3 * std::sin(2 * std::numbers::pi * minute / 1'440);
        const double value = std::round((21 + daily + noise(chance)) * 10) / 10;
        ++count.readings;
        if (detector.judge(60 * minute, value).is_alert) ++count.alerts;
    }
    return count;
}

}  // namespace

TEST_CASE("thirty quiet days give at most one alert in 15 000 readings") {
    Count count;
    for (unsigned seed = 0; seed < 20; ++seed) count = judge_room(seed, 0.3, count);
    CAPTURE(count.alerts);
    CHECK(count.readings == 864'000);
    CHECK(count.alerts * kReadingsAnAlert <= count.readings);
}

TEST_CASE("a week of a real office gives at most one alert in 15 000 readings") {
    const std::string path = support::test_data_folder() + "/occupancy/occupancy.csv";
    const auto rows = support::read_office(path);
    if (rows.empty()) {
        MESSAGE("skipped: there is no " << path);
        return;
    }
    constexpr std::int64_t kFirst = 1'423'072'260;  // 2015-02-04 17:51:00; a row a minute.
    constexpr std::size_t kColumns = 5;             // The sixth is a state, not a quantity.
    std::array<Detector, kColumns> detectors;
    Count count;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto seconds = kFirst + 60 * static_cast<std::int64_t>(row);
        for (std::size_t i = 0; i < kColumns; ++i) {
            ++count.readings;
            if (detectors[i].judge(seconds, rows[row].at(i)).is_alert) ++count.alerts;
        }
    }
    CAPTURE(count.alerts);
    CHECK(count.readings == 40'715);
    CHECK(count.alerts * kReadingsAnAlert <= count.readings);
}
