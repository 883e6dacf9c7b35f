#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "central/detect/contextual/cover.hpp"
#include "central/detect/contextual/habit.hpp"
#include "central/detect/contextual/rarity.hpp"

using detect::contextual::Cover;
using detect::contextual::Habit;
using detect::contextual::Rarity;

TEST_CASE("a pattern that was seen is no novelty, and one apart is as novel as it is far") {
    Cover<2, 32> cover;
    CHECK(cover.novelty({1, 2}) == 0);  // The first.
    CHECK(cover.novelty({1, 2}) == 0);
    CHECK(cover.novelty({2, 5}) == 2);  // The mean of 1 and 3.
    CHECK(cover.novelty({2, 5}) == 0);
    CHECK(cover.novelty({2, 6}) == 0.5F);
}

TEST_CASE("a cover that overflows keeps its oldest patterns, and forgets no region") {
    Cover<1, 8> cover;
    cover.novelty({1'000});
    std::mt19937 chance{3};
    std::uniform_real_distribution<float> anywhere{0, 10};
    for (int i = 0; i < 10'000; ++i) cover.novelty({anywhere(chance)});
    CHECK(cover.novelty({1'000}) == 0);
    for (float value = 0; value <= 10; value += 0.5F) CHECK(cover.novelty({value}) < 4);
    CHECK(cover.novelty({500}) > 400);
}

TEST_CASE("a habit has the mean of its slot, in which newer values weigh more") {
    Habit<24, 86'400> day;
    CHECK(day.residual(0, 5) == 0);  // Nothing is known.
    day.learn(0, 10);
    CHECK(day.residual(3'599, 12) == 2);
    CHECK(day.residual(3'600, 12) == 0);    // Another hour.
    CHECK(day.residual(86'400, 12) == 2);   // The same hour of the next day,
    CHECK(day.residual(-86'400, 12) == 2);  // and of the one before.
    for (int i = 0; i < 50; ++i) day.learn(0, 20);
    CHECK(day.residual(0, 20) == doctest::Approx(0).epsilon(0.001));
}

TEST_CASE("what is larger than all before is rarer the more was seen and the larger it is") {
    Rarity rarity;
    CHECK(rarity.decades(5) == 0);  // Nothing is known.
    for (int i = 0; i < 99; ++i) rarity.learn(1);
    const double ten_times = rarity.decades(10);
    CHECK(ten_times > 2);  // Once in more than a hundred.
    CHECK(rarity.decades(100) == doctest::Approx(ten_times + 2).epsilon(0.05));  // Tail of index 2.
    for (int i = 0; i < 9'900; ++i) rarity.learn(1);
    CHECK(rarity.decades(10) == doctest::Approx(ten_times + 2).epsilon(0.05));
}

TEST_CASE("a rarity of 2 is met once in a hundred times") {
    Rarity rarity;
    std::mt19937 chance{5};
    std::exponential_distribution<double> size{1};
    for (int i = 0; i < 50'000; ++i) rarity.learn(size(chance));
    int met = 0;
    for (int i = 0; i < 100'000; ++i) met += rarity.decades(size(chance)) >= 2 ? 1 : 0;
    CHECK(met > 800);
    CHECK(met < 1'200);
}

TEST_CASE("what was seen once in a long time stays known when counts are halved") {
    Rarity rarity;
    rarity.learn(1);
    rarity.learn(1'000);
    for (int i = 0; i < 200'000; ++i) rarity.learn(1);
    CHECK(rarity.decades(1'000) < rarity.decades(100'000));
    CHECK(rarity.decades(1'000) > 4);
    CHECK(rarity.decades(1) == doctest::Approx(0).epsilon(0.2));
}

TEST_CASE("the first size may be zero, tiny or huge") {
    for (const double first : {0.0, 1e-300, 1e300}) {
        Rarity rarity;
        for (int i = 0; i < 100; ++i) rarity.learn(first);
        CHECK(std::isfinite(rarity.decades(first)));
        CHECK(std::isfinite(rarity.decades(1)));
        CHECK(rarity.decades(first) < 0.6);
    }
}
