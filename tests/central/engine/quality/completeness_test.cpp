#include "central/engine/quality/completeness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/made_rows.hpp"

// g++ 12 believes that a temporary may be destroyed before it was made.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

using namespace std::chrono_literals;
using engine::WindowState;

namespace {

engine::GapRow gap(std::optional<base::EventTime> first, std::optional<base::EventTime> last) {
    engine::GapRow row;
    row.node = "attic";
    row.from = 1;
    row.to = 60;
    row.reason = "evicted";
    row.first_at = first;
    row.last_at = last;
    return row;
}

/// Readings at these times after kNoon.
engine::WindowRow row_of(const std::vector<base::Duration>& times, std::uint64_t failed = 0) {
    engine::WindowRow row;
    for (const auto time : times) {
        row.merge(
            {.first_at = kNoon + time, .last_at = kNoon + time, .summary = wire::Summary::of(1)});
    }
    row.failed = failed;
    return row;
}

/// A series with a reading every 20 s, unless a test changes that.
engine::SeriesRow series_of(std::optional<base::Duration> period = 20s) {
    auto series = series_row("attic", "climate.temperature", kNoon - 1h, kNoon + 1h);
    series.declared.period = period;
    series.first_at.reset();  // A test says what is around its window.
    series.last_at.reset();
    return series;
}

/// The window of a minute at noon.
struct Minute {
    engine::WindowRow row;
    engine::SeriesRow series = series_of();
    engine::Around around{.before = kNoon - 20s, .after = kNoon + 60s};
    std::optional<base::EventTime> watermark = kNoon + 2min;
    std::vector<engine::GapRow> gaps{};
    bool is_coarse = false;

    engine::Judgement judge() const {
        return engine::judge(
            {.start = kNoon, .span = 1min, .row = row, .around = around, .is_coarse = is_coarse},
            series, watermark, engine::GapSpans{gaps});
    }
    WindowState state() const { return judge().state; }
};

/// A series by all its readings, cut into windows, each judged by what is around it.
struct Cut {
    base::Duration period;
    base::Duration span;
    std::vector<base::EventTime> readings;

    /// The states of all windows that end before the last reading, by their start.
    std::map<base::EventTime, WindowState> states(bool also_between = false) const {
        auto series = series_of(period);
        series.declared.also_between = also_between;
        std::map<base::EventTime, WindowState> states;
        auto start = engine::window_start(readings.front(), span);
        for (; start + span <= readings.back(); start += span) {
            engine::WindowRow row;
            engine::Around around;
            for (const auto at : readings) {
                if (at < start) around.before = at;
                if (at >= start + span && !around.after) around.after = at;
                if (at < start || at >= start + span) continue;
                row.merge({.first_at = at, .last_at = at, .summary = wire::Summary::of(1)});
            }
            states[start] =
                engine::judge({.start = start, .span = span, .row = row, .around = around}, series,
                              readings.back(), engine::GapSpans{{}})
                    .state;
        }
        return states;
    }
};

constexpr auto kComplete = WindowState::complete;
constexpr auto kGap = WindowState::known_gap;

}  // namespace

TEST_CASE("a window is provisional until the watermark has passed it, whatever it holds") {
    CHECK(Minute{.row = row_of({0s, 20s, 40s}), .watermark = std::nullopt}.state() ==
          WindowState::provisional);
    CHECK(Minute{.row = row_of({0s}), .watermark = kNoon + 1min - 1ms}.state() ==
          WindowState::provisional);
    CHECK(Minute{.row = row_of({}), .watermark = kNoon + 1min}.state() == kGap);
    CHECK(Minute{.row = row_of({0s, 20s, 40s}), .watermark = kNoon + 1min}.state() == kComplete);
    CHECK(Minute{.row = row_of({0s}), .watermark = kNoon}.judge().expected == 3);
}

TEST_CASE("a window is provisional while its last reading may only be late") {
    const auto state = [](base::Duration watermark, std::vector<base::Duration> readings) {
        return Minute{.row = row_of(readings),
                      .around = {.before = kNoon - 5s, .after = std::nullopt},
                      .watermark = kNoon + watermark}
            .state();
    };
    // One is due at 55 s, and late from 65 s on.
    CHECK(state(60s, {15s, 35s}) == WindowState::provisional);
    CHECK(state(65s, {15s, 35s}) == WindowState::provisional);
    CHECK(state(65s + 1ms, {15s, 35s}) == kGap);
    CHECK(state(60s, {15s, 35s, 55s}) == kComplete);
    CHECK(state(60s, {15s}) == kGap);
}

TEST_CASE("a window is a gap when a reading that was due in it is missing") {
    CHECK(Minute{.row = row_of({0s, 20s, 40s})}.state() == kComplete);
    CHECK(Minute{.row = row_of({2s, 18s, 42s})}.state() == kComplete);
    CHECK(Minute{.row = row_of({0s, 40s})}.state() == kGap);  // Within.
    CHECK(Minute{.row = row_of({0s, 40s})}.judge().expected == 3);
    CHECK(Minute{.row = row_of({20s, 40s})}.state() == kGap);  // At the beginning.
    CHECK(Minute{.row = row_of({0s, 20s})}.state() == kGap);   // At the end.
    CHECK(Minute{.row = row_of({})}.judge().expected == 3);
    // More than were due.
    CHECK(Minute{.row = row_of({0s, 10s, 20s, 30s, 40s})}.state() == kComplete);
    // The neighbours explain it: 11:59:57 and 12:00:57 are none of this minute's business.
    CHECK(Minute{.row = row_of({17s, 37s}), .around = {kNoon - 3s, kNoon + 57s + 4s}}.state() ==
          kComplete);
    // The series begins, or has ended, and nothing says that it did not.
    CHECK(Minute{.row = row_of({25s, 45s}), .around = {{}, kNoon + 65s}}.state() == kComplete);
    CHECK(Minute{.row = row_of({0s, 20s, 40s}), .around = {kNoon - 20s, {}}}.state() == kComplete);
    CHECK(Minute{.row = row_of({0s, 20s}), .around = {kNoon - 20s, {}}}.state() == kGap);
}

TEST_CASE("for a period above the window's length an outage is a gap where a reading was due") {
    const Cut hourly{
        .period = 25min,
        .span = 1min,
        .readings = {kNoon, kNoon + 25min, kNoon + 50min, kNoon + 3h, kNoon + 3h + 25min}};
    std::string text;
    for (const auto& [start, state] : hourly.states()) {
        text += state == kComplete ? 'c' : state == kGap ? 'g' : '.';
    }
    CHECK(std::count(text.begin(), text.end(), 'c') == 4);
    CHECK(std::count(text.begin(), text.end(), 'g') == 4);  // 75, 100, 125 and 150 minutes.
    CHECK(text[75] == 'g');
    CHECK(text[150] == 'g');
    CHECK(text[175] == '.');  // The next one is no longer late by half a period.
    CHECK(text[76] == '.');
    // The case from the field: every minute one, and then none for twenty minutes.
    Cut minutely{.period = 60s, .span = 1min, .readings = {}};
    for (int minute = 0; minute < 40; ++minute) {
        if (minute <= 10 || minute > 30) minutely.readings.push_back(kNoon + minute * 1min + 7s);
    }
    int gaps = 0;
    for (const auto& [start, state] : minutely.states()) {
        const auto minute = (start - kNoon) / 1min;
        CHECK((state == kGap) == (minute > 10 && minute <= 30));
        gaps += state == kGap ? 1 : 0;
    }
    CHECK(gaps == 20);
}

TEST_CASE("an empty window in which none was due says so") {
    const auto slow = series_of(10min);
    CHECK(Minute{.row = {}, .series = slow, .around = {kNoon - 2min, kNoon + 8min}}.state() ==
          WindowState::nothing_due);
    CHECK(Minute{.row = {}, .series = slow, .around = {kNoon - 2min, kNoon + 8min}}
              .judge()
              .expected == 0);
    CHECK(Minute{.row = {}, .series = slow, .around = {{}, kNoon + 8min}}.state() ==
          WindowState::nothing_due);
    CHECK(Minute{.row = {}, .series = slow, .around = {kNoon - 10min, kNoon + 1h}}.state() == kGap);
}

TEST_CASE("the first and the last reading of a series are next to a window like any other") {
    auto series = series_of(10min);
    series.first_at = kNoon - 10min;
    CHECK(Minute{.row = {}, .series = series, .around = {}, .watermark = kNoon + 5min}.state() ==
          WindowState::provisional);
    CHECK(Minute{.row = {}, .series = series, .around = {}, .watermark = kNoon + 5min + 1ms}
              .state() == kGap);
    series.last_at = kNoon + 1h;
    CHECK(Minute{.row = {}, .series = series, .around = {}}.state() == kGap);
    series.first_at = kNoon + 30s;
    CHECK(Minute{.row = {}, .series = series, .around = {}}.state() == WindowState::nothing_due);
}

TEST_CASE("without a period nothing is claimed") {
    const auto series = series_of(std::nullopt);
    CHECK(Minute{.row = row_of({0s}), .series = series}.state() == WindowState::unclaimed);
    CHECK(Minute{.row = {}, .series = series}.state() == WindowState::unclaimed);
    CHECK_FALSE(Minute{.row = {}, .series = series}.judge().expected);
    CHECK(Minute{.row = row_of({0s}), .series = series_of(0s)}.state() == WindowState::unclaimed);
    CHECK(Minute{.row = row_of({0s}, 1), .series = series}.state() == kGap);
    CHECK(Minute{.row = row_of({}, 1), .series = series}.state() == kGap);
}

TEST_CASE("a window in which readings failed is complete only if it is full all the same") {
    CHECK(Minute{.row = row_of({0s, 40s}, 1)}.state() == kGap);
    CHECK(Minute{.row = row_of({0s, 20s, 40s}, 1)}.state() == kComplete);  // Tried again.
    CHECK(Minute{.row = row_of({}, 3)}.state() == kGap);
    // Its slot is explained by the neighbours, and yet it failed here.
    CHECK(Minute{.row = row_of({3s, 23s}, 1), .around = {kNoon - 17s, kNoon + 43s + 20s - 4s}}
              .state() == kGap);
    CHECK(Minute{.row = row_of({}, 1),
                 .series = series_of(10min),
                 .around = {kNoon - 5min, kNoon + 5min}}
              .state() == kGap);
}

TEST_CASE("declared gaps make a gap, unless they only say that records were thinned") {
    const auto full = row_of({0s, 20s, 40s});
    CHECK(Minute{.row = full, .gaps = {gap(kNoon + 1s, kNoon + 2s)}}.state() == kGap);
    CHECK(Minute{.row = full, .gaps = {gap(std::nullopt, std::nullopt)}}.state() == kComplete);
    auto thinned = gap(kNoon + 1s, kNoon + 2s);
    thinned.reason = "thinned";
    CHECK(Minute{.row = full, .gaps = {thinned}}.state() == kComplete);
}

TEST_CASE("what only a wider window knows is neither missing nor complete") {
    CHECK(Minute{.row = {}, .is_coarse = true}.state() == WindowState::only_wider);
    CHECK(Minute{.row = {}, .series = series_of(std::nullopt), .is_coarse = true}.state() ==
          WindowState::only_wider);
    CHECK(Minute{.row = row_of({0s}), .is_coarse = true}.state() == WindowState::only_wider);
    CHECK(Minute{.row = row_of({0s, 20s, 40s}), .is_coarse = true}.state() == kComplete);
    CHECK(Minute{.row = {}, .gaps = {gap(kNoon, kNoon + 1s)}, .is_coarse = true}.state() == kGap);
}

TEST_CASE("among readings that also come between the periods nothing is claimed but at the ends") {
    auto series = series_of(20s);
    series.declared.also_between = true;
    CHECK(Minute{.row = row_of({0s, 1s, 2s, 40s}), .series = series}.state() ==
          WindowState::unclaimed);
    CHECK(Minute{.row = row_of({0s, 40s}), .series = series}.state() == kGap);
    CHECK(Minute{.row = row_of({0s, 1s, 2s, 3s}), .series = series}.state() == kGap);
    series.declared.period = 45s;
    CHECK(Minute{.row = row_of({0s, 1s, 2s, 40s}), .series = series}.state() == kComplete);
}

TEST_CASE("partials whose ends stand in for their times are not short by one") {
    engine::WindowRow row;
    for (int i = 0; i < 6; ++i) {
        auto summary = wire::Summary::of(1);
        for (int more = 1; more < 5; ++more) summary.add(1);
        const auto start = kNoon + i * 10s;
        row.merge({.first_at = start, .last_at = start + 10s - 1ms, .summary = summary});
    }
    const auto series = series_of(2s);
    CHECK(Minute{.row = row, .series = series, .around = {kNoon - 1ms, kNoon + 1min}}.state() ==
          kComplete);
    --row.summary.count;
    CHECK(Minute{.row = row, .series = series, .around = {kNoon - 1ms, kNoon + 1min}}.state() ==
          kGap);
}

TEST_CASE("every outage makes a gap where it is, and without one there is none") {
    const std::vector<base::Duration> spans{1min, 1h, 6h};
    base::Random random{20251120};
    int outages = 0;
    for (int round = 0; round < 3'000; ++round) {
        CAPTURE(round);
        const auto span = spans[random.below(spans.size())];
        // From thirty a window to one in ten windows.
        const base::Duration period{static_cast<base::Duration::rep>(
            static_cast<std::uint64_t>(span.count()) * (100 + random.below(30'000)) / 3'000)};
        const auto phase = static_cast<base::Duration::rep>(
            random.below(static_cast<std::uint64_t>(period.count())));
        const auto jitter = period.count() / 10;
        Cut cut{.period = period, .span = span, .readings = {}};
        const int count = 30 + static_cast<int>(random.below(60));
        for (int i = 0; i < count; ++i) {
            const auto off = static_cast<base::Duration::rep>(
                random.below(static_cast<std::uint64_t>(2 * jitter + 1)));
            cut.readings.push_back(kNoon + base::Duration{phase - jitter + off} + i * period);
        }
        for (const auto& [start, state] : cut.states()) {
            const bool is_good = state == kComplete || state == WindowState::nothing_due;
            REQUIRE(is_good);
        }
        const auto from = 2 + static_cast<std::ptrdiff_t>(random.below(20));
        const auto missing = 1 + static_cast<std::ptrdiff_t>(random.below(6));
        const auto before = cut.readings[static_cast<std::size_t>(from) - 1];
        cut.readings.erase(cut.readings.begin() + from, cut.readings.begin() + from + missing);
        const auto after = cut.readings[static_cast<std::size_t>(from)];
        int gaps = 0;
        for (const auto& [start, state] : cut.states()) {
            if (state != kGap) continue;
            ++gaps;
            CHECK(start < after);
            CHECK(start + span > before);
        }
        // The windows behind the last reading are not judged.
        if (engine::window_start(cut.readings.back(), span) <= after) continue;
        ++outages;
        CHECK(gaps > 0);
        // A whole window without its reading is never called complete or left out.
        if (period > span) CHECK(gaps == missing);
    }
    CHECK(outages > 2'000);
}

TEST_CASE("a gap belongs to exactly the windows that its readings were in") {
    const engine::GapSpans spans{{gap(kNoon + 3min, kNoon + 5min), gap(kNoon, kNoon),
                                  gap(kNoon + 4min, kNoon + 4min + 1s),
                                  gap(kNoon + 9min, kNoon + 10min - 1ms)}};
    std::string found;
    for (int minute = -1; minute < 12; ++minute) {
        const auto start = kNoon + minute * 1min;
        found += spans.overlap(start, start + 1min) ? 'x' : '.';
    }
    CHECK(found == ".x..xxx...x..");
}
