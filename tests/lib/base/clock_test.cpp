#include "base/clock.hpp"

#include <doctest/doctest.h>

#include <concepts>

namespace {

template <class A, class B>
concept Comparable = requires(A a, B b) {
    a < b;
};

}  // namespace

TEST_SUITE("base/clock") {
    TEST_CASE("event time and time-outs are types that do not mix") {
        static_assert(!Comparable<base::EventTime, base::Instant>);
        static_assert(!std::convertible_to<base::Instant, base::EventTime>);
        static_assert(base::from_milliseconds(base::to_milliseconds(base::EventTime{})) ==
                      base::EventTime{});
    }

    TEST_CASE("a pause takes at least as long as was asked, on the clock for time-outs") {
        const base::SystemClock clock;
        const auto before = clock.instant();
        base::pause_for(base::Duration{20});
        const auto spent = clock.instant() - before;
        CHECK(spent >= base::Duration{19});  // Both ends are rounded down to a millisecond.
        base::pause_for(base::Duration{-5});
    }

    TEST_CASE("the wall clock counts milliseconds since 1970") {
        const base::SystemClock clock;
        CHECK(base::to_milliseconds(clock.event_time()) > 1'600'000'000'000);
        CHECK(base::to_milliseconds(clock.event_time()) < 32'503'680'000'000);
    }
}
