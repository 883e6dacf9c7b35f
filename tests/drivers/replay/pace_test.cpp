#include "drivers/replay/pace.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a row is due as long after the first one as its time says, divided by the speed") {
    const base::Instant start{1h};
    const auto time = base::from_milliseconds(1'000'000);
    drivers::replay::Pace pace(60);
    CHECK(pace.is_due(time, start));
    CHECK_FALSE(pace.is_due(time + 1min, start));
    CHECK_FALSE(pace.is_due(time + 1min, start + 999ms));
    CHECK(pace.is_due(time + 1min, start + 1s));
    CHECK(pace.is_due(time - 1h, start));
}

TEST_CASE("without a speed everything is due at once") {
    drivers::replay::Pace pace(std::nullopt);
    CHECK(pace.is_due(base::from_milliseconds(0), {}));
    CHECK(pace.is_due(base::from_milliseconds(1'000'000'000), {}));
}
