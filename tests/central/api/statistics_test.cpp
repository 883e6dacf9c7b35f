#include "central/api/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "central/api/stored_world.hpp"

using namespace api_test;

namespace {

constexpr const char* kPath = "/api/v1/series/attic%2Fclimate.temperature/statistics";

/// Thirty days with a reading every five minutes, warm at noon, with holes; ends at kNoon + 22 min.
std::vector<Reading> thirty_days() {
    base::Random random{30};
    std::vector<Reading> readings;
    for (auto at = kNoon - 30 * 24h; at <= kNoon + 22min; at += 5min) {
        const auto hours = static_cast<double>((at - kNoon) / 5min) / 12;
        const double warmth = 5 * std::cos(hours / 24 * 2 * 3.14159265358979);
        const bool is_outage = at >= kNoon - 30h && at < kNoon - 27h;
        if (is_outage || random.below(50) == 0) continue;
        readings.emplace_back(at, 20 + warmth + static_cast<double>(random.below(100)) / 50);
    }
    return readings;
}

/// The brute-force answer: by every reading, and none of the code under test.
struct Oracle {
    std::vector<double> values;

    Oracle(const std::vector<Reading>& readings, base::EventTime from, base::EventTime to) {
        add(readings, from, to);
    }
    void add(const std::vector<Reading>& readings, base::EventTime from, base::EventTime to) {
        for (const auto& [at, value] : readings) {
            if (at >= from && at < to) values.push_back(value);
        }
        std::sort(values.begin(), values.end());
    }
    double mean() const {
        double sum = 0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    }
    double deviation() const {
        double squares = 0;
        for (const double value : values) squares += (value - mean()) * (value - mean());
        return std::sqrt(squares / static_cast<double>(values.size()));
    }
    double quantile(double q) const {
        return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
    }
};

double number(const base::Json& json, const char* name) {
    const auto* member = json.find(name);
    REQUIRE(member != nullptr);
    REQUIRE(member->kind == base::Json::Kind::number);
    return member->number;
}

bool is_null(const base::Json& json, const char* name) {
    return json.find(name) != nullptr && json.find(name)->kind == base::Json::Kind::null;
}

void check_moments(const base::Json& json, const Oracle& oracle) {
    CHECK(number(json, "count") == static_cast<double>(oracle.values.size()));
    CHECK(number(json, "mean") == doctest::Approx(oracle.mean()).epsilon(1e-12));
    CHECK(number(json, "deviation") == doctest::Approx(oracle.deviation()).epsilon(1e-9));
    CHECK(number(json, "min") == oracle.values.front());
    CHECK(number(json, "max") == oracle.values.back());
}

}  // namespace

TEST_CASE("the last hour, day and week are those that the raw readings give") {
    StoredWorld world{thirty_days(), 5min};
    const auto json = world.get(kPath);
    CHECK(number(json, "at") == static_cast<double>(base::to_milliseconds(kNoon + 20min)));
    CHECK(json.find("unit")->string == "Cel");
    const auto& spans = json.find("spans")->array;
    REQUIRE(spans.size() == 3);
    struct Span {
        const char* name;
        base::EventTime to;  // The end of the window with the newest reading.
        base::Duration length;
    };
    const std::vector<Span> expected{
        {"1h", kNoon + 30min, 1h}, {"1d", kNoon + 1h, 24h}, {"7d", kNoon + 1h, 7 * 24h}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto* const name = expected[i].name;
        const auto to = expected[i].to;
        const auto length = expected[i].length;
        INFO(name);
        CHECK(spans[i].find("span")->string == name);
        CHECK(number(spans[i], "from") == static_cast<double>(base::to_milliseconds(to - length)));
        CHECK(number(spans[i], "to") == static_cast<double>(base::to_milliseconds(to)));
        const Oracle oracle{world.readings, to - length, to};
        check_moments(spans[i], oracle);
        CHECK(number(spans[i], "p10") == doctest::Approx(oracle.quantile(0.1)).epsilon(0.01));
        CHECK(number(spans[i], "median") == doctest::Approx(oracle.quantile(0.5)).epsilon(0.01));
        CHECK(number(spans[i], "p90") == doctest::Approx(oracle.quantile(0.9)).epsilon(0.01));
        // Twelve are due an hour; the window with the newest reading is not over.
        const auto over = to - (i == 0 ? 15min : base::Duration{1h});
        const auto came = Oracle{world.readings, to - length, over}.values.size();
        const auto due = (over - (to - length)) / 5min;
        CHECK(number(spans[i], "completeness") ==
              doctest::Approx(static_cast<double>(came) / static_cast<double>(due)));
    }
}

TEST_CASE("the baseline is the same hour of the weeks and of the days before") {
    StoredWorld world{thirty_days(), 5min};
    const auto json = world.get(kPath);
    const auto& baseline = *json.find("baseline");
    CHECK(number(baseline, "hour") == static_cast<double>(base::to_milliseconds(kNoon)));
    Oracle weeks{{}, kNoon, kNoon};
    for (int week = 1; week <= 4; ++week) {
        const auto start = kNoon - week * 7 * 24h;
        weeks.add(world.readings, start, start + 1h);
    }
    check_moments(*baseline.find("hour_of_week"), weeks);
    CHECK(number(*baseline.find("hour_of_week"), "weeks") == 4);
    Oracle days{{}, kNoon, kNoon};
    for (int day = 1; day <= 14; ++day) {
        days.add(world.readings, kNoon - day * 24h, kNoon - day * 24h + 1h);
    }
    const auto& hour = *baseline.find("hour_of_day");
    CHECK(number(hour, "days") == 14);
    CHECK(number(hour, "low") == days.values.front());
    CHECK(number(hour, "high") == days.values.back());
}

TEST_CASE("statistics can be asked of an earlier time, and know nothing of later ones") {
    StoredWorld world{thirty_days(), 5min};
    const auto at = kNoon - 10 * 24h;
    const auto json = world.get(std::string{kPath} +
                                "?at=" + std::to_string(base::to_milliseconds(at + 59min + 59s)));
    const auto& spans = json.find("spans")->array;
    check_moments(spans[0], Oracle{world.readings, at, at + 1h});
    check_moments(spans[2], Oracle{world.readings, at + 1h - 7 * 24h, at + 1h});
    const auto& baseline = *json.find("baseline");
    CHECK(number(*baseline.find("hour_of_week"), "weeks") == 2);  // Of the 20 days before.
}

TEST_CASE("what is not known of a series is null and not 0") {
    StoredWorld world{{{kNoon, 21.5}, {kNoon + 5min, 22.5}}, 5min};
    const auto json = world.get(kPath);
    const auto& hour = json.find("spans")->array.at(0);
    CHECK(number(hour, "mean") == 22);
    CHECK(number(hour, "deviation") == 0.5);
    CHECK(is_null(hour, "completeness"));
    const auto& baseline = *json.find("baseline");
    CHECK(number(*baseline.find("hour_of_week"), "weeks") == 0);
    CHECK(is_null(*baseline.find("hour_of_week"), "mean"));
    CHECK(is_null(*baseline.find("hour_of_day"), "low"));
    // Long before its first reading.
    const auto before = world.get(std::string{kPath} + "?at=1600000000000");
    CHECK(number(before.find("spans")->array.at(2), "count") == 0);
    CHECK(is_null(before.find("spans")->array.at(2), "median"));
    CHECK(is_null(before.find("spans")->array.at(2), "deviation"));
}

TEST_CASE("windows come with what was to be expected of their hour, when it is asked for") {
    StoredWorld world{thirty_days(), 5min};
    const auto ask = [&](const std::string& rest) {
        return world.get("/api/v1/windows?series=attic/climate.temperature&" + rest);
    };
    const auto range = "from=" + std::to_string(base::to_milliseconds(kNoon - 20 * 24h)) +
                       "&to=" + std::to_string(base::to_milliseconds(kNoon + 1h));
    CHECK(ask(range + "&span=1h").find("expected_low") == nullptr);
    for (const auto& span : {std::pair{"15m", base::Duration{15min}}, {"1h", base::Duration{1h}}}) {
        const auto json = ask(range + "&band=1&span=" + span.first);
        const auto& starts = json.find("t")->numbers;
        const auto& low = json.find("expected_low")->numbers;
        REQUIRE(low.size() == starts.size());
        for (std::size_t i = 0; i < starts.size(); i += 7) {
            const auto hour = engine::window_start(
                base::from_milliseconds(static_cast<std::int64_t>(starts[i])), 1h);
            Oracle days{{}, hour, hour};
            for (int day = 1; day <= 14; ++day) {
                days.add(world.readings, hour - day * 24h, hour - day * 24h + 1h);
            }
            REQUIRE(low[i] == days.values.front());
            REQUIRE(json.find("expected_high")->numbers[i] == days.values.back());
        }
    }
    const auto daily = ask(range + "&band=1&span=1d");
    CHECK(daily.find("expected_low")->array.at(0).kind == base::Json::Kind::null);
}

TEST_CASE("the path of statistics names a series that is known, and one time") {
    World world;
    CHECK(world.get("/api/v1/series/attic/climate.temperature/statistics").status == 200);
    const auto unknown = world.get("/api/v1/series/attic%2Fclimate.temperatur/statistics");
    CHECK(unknown.status == 404);
    CHECK(unknown.body.find("climate.temperature") != std::string::npos);
    CHECK(world.get(std::string{kPath} + "?at=yesterday").status == 400);
    CHECK(world.get(std::string{kPath} + "?from=-1h").status == 400);
    CHECK(world.get("/api/v1/series//statistics").status == 404);
    CHECK(world.get("/api/v1/series/statistics").status == 404);
    CHECK(world.get("/api/v1/windows?series=attic/climate.temperature&band=yes").status == 400);
}

TEST_CASE("statistics of a time of which the hours are no longer kept are refused") {
    World world;
    world.query.horizons[1h] = kNoon - 3 * 24h;
    const auto response = world.get(kPath);
    CHECK(response.status == 400);
    CHECK(response.body.find("no longer kept") != std::string::npos);
}
