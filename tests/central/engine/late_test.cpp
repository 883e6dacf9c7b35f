#include <doctest/doctest.h>

#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHour = 60 * kMinuteMs;

/// Moves the watermark to 90 minutes.
void pass_an_hour(Feed& feed) {
    feed.accept(readings("s.q", {{90 * kMinuteMs + 10'000, 1}}), "attic", at(2 * kHour));
}

wire::Summary four_readings() {
    auto summary = wire::Summary::of(1);
    for (const double value : {2, 3, 4}) summary.add(value);
    return summary;
}

}  // namespace

TEST_CASE("every late reading is counted as late once, in partials of any length") {
    for (const base::Duration span : {1min, 15min, 60min}) {
        CAPTURE(span.count());
        Feed feed;
        pass_an_hour(feed);
        const auto outcome = feed.accept(data({partial("s.q", span, {{0, four_readings()}})}),
                                         "attic", at(2 * kHour));
        CHECK(outcome.readings == 4);
        CHECK(outcome.coarse == (span > base::Duration{1min} ? 4 : 0));
        CHECK(outcome.late == 4);
        feed.commit();
        CHECK(feed.row("s.q", 1h, 0).late == 4);
    }
}

TEST_CASE("a coarse partial is not late while the only window that it counts in lasts") {
    Feed feed;
    pass_an_hour(feed);
    const auto outcome = feed.accept(data({partial("s.q", 15min, {{kHour, four_readings()}})}),
                                     "attic", at(2 * kHour));
    CHECK(outcome.coarse == 4);
    CHECK(outcome.late == 0);
}
