#include "base/backoff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using base::Backoff;
using base::BackoffOptions;
using base::Duration;

namespace {

constexpr BackoffOptions kOptions{.first = Duration{500}, .longest = Duration{8000}};

/// The longest of many draws of wait number `step` (from 0).
Duration longest_wait(int step) {
    Duration longest{0};
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Backoff backoff{kOptions, seed};
        for (int i = 0; i < step; ++i) backoff.next();
        longest = std::max(longest, backoff.next());
    }
    return longest;
}

}  // namespace

TEST_SUITE("base/backoff") {
    TEST_CASE("a wait is longer than nothing and at most the ceiling, which doubles to its end") {
        const std::vector<Duration> ceilings{Duration{500},  Duration{1000}, Duration{2000},
                                             Duration{4000}, Duration{8000}, Duration{8000}};
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            Backoff backoff{kOptions, seed};
            for (const auto ceiling : ceilings) {
                const auto wait = backoff.next();
                CHECK(wait > Duration::zero());
                CHECK(wait <= ceiling);
            }
        }
    }

    TEST_CASE("the jitter is full: waits reach nearly to the ceiling, and nearly to nothing") {
        CHECK(longest_wait(0) > Duration{480});
        CHECK(longest_wait(3) > Duration{3800});
        CHECK(longest_wait(20) > Duration{7700});
        auto shortest = Duration::max();
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            Backoff backoff{kOptions, seed};
            for (int i = 0; i < 5; ++i) backoff.next();
            shortest = std::min(shortest, backoff.next());
        }
        CHECK(shortest < Duration{200});
    }

    TEST_CASE("after a success the next wait is short again") {
        Backoff backoff{kOptions, 7};
        for (int i = 0; i < 10; ++i) backoff.next();
        for (int i = 0; i < 100; ++i) {
            backoff.reset();
            CHECK(backoff.next() <= kOptions.first);
        }
    }

    TEST_CASE("two seeds do not wait in step, one seed always waits the same") {
        Backoff one{kOptions, 1};
        Backoff same{kOptions, 1};
        Backoff other{kOptions, 2};
        int differences = 0;
        for (int i = 0; i < 20; ++i) {
            const auto wait = one.next();
            CHECK(wait == same.next());
            if (wait != other.next()) ++differences;
        }
        CHECK(differences > 15);
    }

    TEST_CASE("a ceiling below the first wait holds from the start") {
        Backoff backoff{{.first = Duration{500}, .longest = Duration{100}}, 3};
        for (int i = 0; i < 50; ++i) CHECK(backoff.next() <= Duration{100});
    }
}
