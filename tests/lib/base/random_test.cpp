#include "base/random.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

using base::Random;

TEST_SUITE("base/random") {
    TEST_CASE("seed 1 gives the numbers of xoshiro256** seeded through splitmix64") {
        // Computed from the authors' description by another program.
        Random random{1};
        for (const std::uint64_t expected :
             {0xb3f2af6d0fc710c5U, 0x853b559647364ceaU, 0x92f89756082a4514U, 0x642e1c7bc266a3a7U,
              0xb27a48e29a233673U}) {
            CHECK(random.next() == expected);
        }
    }

    TEST_CASE("every outcome below a bound is as likely as any other") {
        constexpr std::size_t kBound = 7;
        constexpr int kDraws = 70'000;
        std::array<int, kBound> seen{};
        Random random{42};
        for (int i = 0; i < kDraws; ++i) ++seen.at(random.below(kBound));
        // Chi-squared with 6 degrees of freedom passes 22.46 once in a thousand seeds.
        double chi = 0;
        const double expected = double{kDraws} / double{kBound};
        for (const int count : seen) chi += (count - expected) * (count - expected) / expected;
        CHECK(chi < 22.46);
    }

    TEST_CASE("a bound that does not divide 2^64 favours no outcome") {
        // With a plain modulo the lower half would be drawn twice as often.
        constexpr std::uint64_t kBound = 3U * (std::uint64_t{1} << 62U);
        Random random{5};
        int low = 0;
        for (int i = 0; i < 30'000; ++i) {
            const auto drawn = random.below(kBound);
            CHECK(drawn < kBound);
            if (drawn < std::uint64_t{1} << 62U) ++low;
        }
        CHECK(low > 9'600);
        CHECK(low < 10'400);
        CHECK(random.below(1) == 0);
    }

    TEST_CASE("unit numbers stay in [0, 1) and fill it evenly") {
        Random random{9};
        std::array<int, 10> seen{};
        double sum = 0;
        for (int i = 0; i < 50'000; ++i) {
            const double unit = random.unit();
            REQUIRE(unit >= 0);
            REQUIRE(unit < 1);
            ++seen.at(static_cast<std::size_t>(unit * 10));
            sum += unit;
        }
        CHECK(std::abs(sum / 50'000 - 0.5) < 0.01);
        for (const int count : seen) CHECK(std::abs(count - 5'000) < 350);
    }

    TEST_CASE("normal numbers have mean 0 and deviation 1, and are finite") {
        Random random{11};
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 50'000; ++i) {
            const double drawn = random.normal();
            REQUIRE(std::isfinite(drawn));
            sum += drawn;
            squares += drawn * drawn;
        }
        CHECK(std::abs(sum / 50'000) < 0.02);
        CHECK(std::abs(squares / 50'000 - 1) < 0.03);
    }

    TEST_CASE("a chance of 3 in 10 is true three times in ten") {
        Random random{13};
        int times = 0;
        for (int i = 0; i < 10'000; ++i) times += random.chance(3, 10) ? 1 : 0;
        CHECK(std::abs(times - 3'000) < 200);
        CHECK(random.chance(10, 10));
        CHECK_FALSE(random.chance(0, 10));
    }

    TEST_CASE("the kernel's bits do not repeat") {
        CHECK(base::entropy() != base::entropy());
    }
}
