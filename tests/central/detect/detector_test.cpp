#include "central/detect/contextual/detector.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "central/detect/contextual/sentence.hpp"

using detect::contextual::Detector;
using detect::contextual::Family;
using detect::contextual::sentence_of;
using detect::contextual::Verdict;

namespace {

constexpr int kADay = 288;  // Readings, one in five minutes.
constexpr std::int64_t kStep = 300;

/// A room in which a day looks like the next, with some noise.
class Room {
  public:
    double value(int reading) {
        return 20 + 3 * std::sin(2 * std::numbers::pi * reading / kADay) + noise_(chance_);
    }

  private:
    std::mt19937 chance_{7};
    std::normal_distribution<double> noise_{0, 0.3};
};

std::vector<Verdict> judge_all(Detector& detector, const std::vector<double>& values) {
    std::vector<Verdict> verdicts;
    std::int64_t seconds = 0;
    for (const double value : values) {
        verdicts.push_back(detector.judge(seconds, value));
        seconds += kStep;
    }
    return verdicts;
}

std::vector<double> quiet_days(int days) {
    Room room;
    std::vector<double> values;
    for (int i = 0; i < days * kADay; ++i) values.push_back(room.value(i));
    return values;
}

}  // namespace

TEST_CASE("a spike beyond all that was seen is an alert, at the reading itself") {
    auto values = quiet_days(10);
    const std::size_t at = 8 * kADay + 100;
    values[at] = 60;
    Detector detector;
    const auto verdicts = judge_all(detector, values);
    CHECK(verdicts[at].is_alert);
    CHECK(verdicts[at].score > 0.65);
    CHECK_FALSE(verdicts[at - 1].is_alert);
    CHECK(verdicts[at + 1].score == 0);      // The same episode.
    CHECK(verdicts[at + 1].surprise < 0.6);  // And an ordinary value again.
}

TEST_CASE("a usual value at an unusual time of the day is odd") {
    auto values = quiet_days(21);
    // A quarter of a day at noon's height, at night.
    const std::size_t at = 18 * kADay + 3 * kADay / 4;
    for (std::size_t i = 0; i < kADay / 8; ++i) values[at + i] = 23;
    Detector detector;
    const auto verdicts = judge_all(detector, values);
    bool odd = false;
    for (std::size_t i = 0; i < kADay / 8; ++i) odd = odd || verdicts[at + i].score >= 0.5;
    CHECK(odd);
}

TEST_CASE("a level that steps once for good is odd once") {
    std::vector<double> values(2'000, 5.0);
    for (std::size_t i = 1'500; i < values.size(); ++i) values[i] = 9;
    Detector detector;
    std::size_t odd = 0;
    for (const auto& verdict : judge_all(detector, values)) odd += verdict.score >= 0.5 ? 1 : 0;
    CHECK(odd == 1);
}

TEST_CASE("a series that never changes is never odd") {
    Detector detector;
    for (const auto& verdict : judge_all(detector, std::vector<double>(5'000, 21.5))) {
        REQUIRE(verdict.score == 0);
        REQUIRE(verdict.surprise == 0);
    }
}

TEST_CASE("the first hundred readings get no verdict, however wild") {
    Detector detector;
    std::vector<double> values;
    for (int i = 0; i < 100; ++i) values.push_back(std::pow(-3.0, i % 40));
    for (const auto& verdict : judge_all(detector, values)) REQUIRE(verdict.surprise == 0);
}

TEST_CASE("the wildest values are alerts, too") {
    for (const double wild : {1e20, 1e29, 1e100, -1e300}) {
        CAPTURE(wild);
        auto values = quiet_days(10);
        values[8 * kADay] = wild;
        Detector detector;
        CHECK(judge_all(detector, values)[8 * kADay].is_alert);
    }
}

TEST_CASE("there is no alert in the first three days") {
    auto values = quiet_days(2);
    values[kADay + 200] = 1'000;
    Detector detector;
    const auto verdicts = judge_all(detector, values);
    CHECK(verdicts[kADay + 200].score > 0.65);
    CHECK_FALSE(verdicts[kADay + 200].is_alert);
}

TEST_CASE("a value that is no number teaches nothing") {
    const auto values = quiet_days(5);
    Detector plain;
    Detector disturbed;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto seconds = static_cast<std::int64_t>(i) * kStep;
        for (const double bad :
             {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
            const auto verdict = disturbed.judge(seconds, bad);
            REQUIRE(verdict.score == 0);
            REQUIRE_FALSE(verdict.is_alert);
        }
        REQUIRE(plain.judge(seconds, values[i]).surprise ==
                disturbed.judge(seconds, values[i]).surprise);
    }
}

TEST_CASE("the unit of what is measured does not matter") {
    const auto values = quiet_days(12);
    Detector plain;
    Detector scaled;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto seconds = static_cast<std::int64_t>(i) * kStep;
        const auto verdict = scaled.judge(seconds, values[i] * 1'048'576);
        REQUIRE(verdict.score == doctest::Approx(plain.judge(seconds, values[i]).score));
    }
}

TEST_CASE("a copy of the state goes on as the original does, bit for bit") {
    const auto values = quiet_days(9);
    Detector original;
    std::array<std::byte, sizeof(Detector)> stored{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto seconds = static_cast<std::int64_t>(i) * kStep;
        std::memcpy(stored.data(), &original, sizeof(original));
        Detector restored;
        std::memcpy(static_cast<void*>(&restored), stored.data(), sizeof(restored));
        REQUIRE(original.judge(seconds, values[i]).surprise ==
                restored.judge(seconds, values[i]).surprise);
    }
}

TEST_CASE("times before 1970 belong to a time of the day, too") {
    Detector detector;
    for (std::int64_t i = -2'000; i < 0; ++i) {
        const auto verdict = detector.judge(i * kStep, 20 + static_cast<double>(i % 7));
        REQUIRE(std::isfinite(verdict.surprise));
    }
}

TEST_CASE("a verdict is told in a sentence") {
    CHECK(sentence_of({.score = 0.7, .is_alert = true, .family = Family::habit, .decades = 3.62}) ==
          "unlike what is usual at this time of day; so far off is about 1 reading in 4000");
}
