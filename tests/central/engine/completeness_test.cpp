#include "central/engine/completeness.hpp"

#include <doctest/doctest.h>

#include "central/engine/made_rows.hpp"

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

engine::WindowState judged(std::uint64_t count, std::uint64_t failed,
                           std::optional<std::uint64_t> expected,
                           std::optional<base::EventTime> watermark,
                           const std::vector<engine::GapRow>& gaps = {}) {
    return engine::judge(
        {.start = kNoon, .span = 1min, .count = count, .failed = failed, .expected = expected},
        watermark, engine::GapSpans{gaps});
}

}  // namespace

TEST_CASE("a window's state follows from watermark, gaps, and what was expected, in that order") {
    const auto passed = kNoon + 1min;
    CHECK(judged(3, 0, 3, std::nullopt) == WindowState::provisional);
    CHECK(judged(3, 0, 3, passed - 1ms) == WindowState::provisional);
    CHECK(judged(3, 0, 3, passed) == WindowState::complete);
    CHECK(judged(2, 0, 3, passed) == WindowState::complete);  // One less is jitter at the edge.
    CHECK(judged(1, 0, 3, passed) == WindowState::known_gap);
    CHECK(judged(1, 1, 3, passed) == WindowState::complete);  // A failed read is no lost reading.
    CHECK(judged(0, 0, 3, passed) == WindowState::known_gap);
    CHECK(judged(5, 0, 3, passed) == WindowState::complete);
    CHECK(judged(0, 0, 0, passed) == WindowState::complete);  // Nothing was due.
    CHECK(judged(1, 0, std::nullopt, passed) == WindowState::complete);
    CHECK(judged(0, 0, std::nullopt, passed) == WindowState::known_gap);
    CHECK(judged(3, 0, 3, passed, {gap(kNoon + 1s, kNoon + 2s)}) == WindowState::known_gap);
    CHECK(judged(3, 0, 3, passed - 1ms, {gap(kNoon + 1s, kNoon + 2s)}) == WindowState::provisional);
    CHECK(judged(3, 0, 3, passed, {gap(std::nullopt, std::nullopt)}) == WindowState::complete);
    auto thinned = gap(kNoon + 1s, kNoon + 2s);
    thinned.reason = "thinned";
    CHECK(judged(3, 0, 3, passed, {thinned}) ==
          WindowState::complete);  // Its readings came in partials.
    CHECK(judged(0, 0, 3, passed, {thinned}) ==
          WindowState::known_gap);  // Of longer spans than this.
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

TEST_CASE("expected readings come from the declared period, less in the series' first window") {
    auto series = series_row("attic", "climate.temperature", kNoon, kNoon + 1h);
    CHECK(engine::expected_readings(series, kNoon, 1min) == 3);
    CHECK(engine::expected_readings(series, kNoon + 1min, 1min) == 3);
    series.first_at = kNoon + 25s;  // 25 s and 45 s.
    CHECK(engine::expected_readings(series, kNoon, 1min) == 2);
    series.first_at = kNoon + 59s + 999ms;
    CHECK(engine::expected_readings(series, kNoon, 1min) == 1);
    CHECK(engine::expected_readings(series, kNoon - 1min, 1min) == 0);
    series.declared.period = 5min;
    CHECK(engine::expected_readings(series, kNoon, 1min) == 0);
    series.declared.period.reset();
    CHECK_FALSE(engine::expected_readings(series, kNoon, 1min));
}
