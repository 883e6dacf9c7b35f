#include "central/api/completeness.hpp"

#include <doctest/doctest.h>

#include "central/api/scripted_query.hpp"

using namespace std::chrono_literals;

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

std::string judged(std::uint64_t count, std::uint64_t failed, std::optional<std::uint64_t> expected,
                   std::optional<base::EventTime> watermark,
                   const std::vector<engine::GapRow>& gaps = {}) {
    return api::letter(api::judge(
        {.start = kNoon, .span = 1min, .count = count, .failed = failed, .expected = expected},
        watermark, api::GapSpans{gaps}));
}

}  // namespace

TEST_CASE("a window's state follows from watermark, gaps, and what was expected, in that order") {
    const auto passed = kNoon + 1min;
    CHECK(judged(3, 0, 3, std::nullopt) == "p");
    CHECK(judged(3, 0, 3, passed - 1ms) == "p");
    CHECK(judged(3, 0, 3, passed) == "c");
    CHECK(judged(2, 0, 3, passed) == "c");  // One less is jitter at the edge.
    CHECK(judged(1, 0, 3, passed) == "g");
    CHECK(judged(1, 1, 3, passed) == "c");  // A failed read is no lost reading.
    CHECK(judged(0, 0, 3, passed) == "g");
    CHECK(judged(5, 0, 3, passed) == "c");
    CHECK(judged(0, 0, 0, passed) == "c");  // Nothing was due.
    CHECK(judged(1, 0, std::nullopt, passed) == "c");
    CHECK(judged(0, 0, std::nullopt, passed) == "g");
    CHECK(judged(3, 0, 3, passed, {gap(kNoon + 1s, kNoon + 2s)}) == "g");
    CHECK(judged(3, 0, 3, passed - 1ms, {gap(kNoon + 1s, kNoon + 2s)}) == "p");
    CHECK(judged(3, 0, 3, passed, {gap(std::nullopt, std::nullopt)}) == "c");
    auto thinned = gap(kNoon + 1s, kNoon + 2s);
    thinned.reason = "thinned";
    CHECK(judged(3, 0, 3, passed, {thinned}) == "c");  // Its readings came in partials.
    CHECK(judged(0, 0, 3, passed, {thinned}) == "g");  // Of longer spans than this.
}

TEST_CASE("a gap belongs to exactly the windows that its readings were in") {
    const api::GapSpans spans{{gap(kNoon + 3min, kNoon + 5min), gap(kNoon, kNoon),
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
    CHECK(api::expected_readings(series, kNoon, 1min) == 3);
    CHECK(api::expected_readings(series, kNoon + 1min, 1min) == 3);
    series.first_at = kNoon + 25s;  // 25 s and 45 s.
    CHECK(api::expected_readings(series, kNoon, 1min) == 2);
    series.first_at = kNoon + 59s + 999ms;
    CHECK(api::expected_readings(series, kNoon, 1min) == 1);
    CHECK(api::expected_readings(series, kNoon - 1min, 1min) == 0);
    series.declared.period = 5min;
    CHECK(api::expected_readings(series, kNoon, 1min) == 0);
    series.declared.period.reset();
    CHECK_FALSE(api::expected_readings(series, kNoon, 1min));
}

TEST_CASE("the watermark is the newest reading less the bound") {
    CHECK(api::watermark_of(node_row("attic", kNoon)) == kNoon - 10s);
    CHECK(api::watermark_of(node_row("attic", kNoon), 1min) == kNoon - 1min);
    CHECK_FALSE(api::watermark_of(engine::NodeRow{}));
}
