#include "agent/node/card_life.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("nothing is projected from the first minutes") {
    CHECK(!agent::card_life(1'000'000, 9min, 1'000'000'000));
}

TEST_CASE("nothing is projected when it is not known how much was written") {
    CHECK(!agent::card_life(std::nullopt, 24h, 1'000'000'000));
}

TEST_CASE("the pace is that of this process, and the days are how long the card will last") {
    const auto life = agent::card_life(50'000'000, 12h, 36'500'000'000);
    REQUIRE(life);
    CHECK(life->bytes_a_day == 100'000'000);
    CHECK(life->days == 365);
}

TEST_CASE("without an endurance there is a pace but no number of days") {
    const auto life = agent::card_life(50'000'000, 24h, 0);
    REQUIRE(life);
    CHECK(life->bytes_a_day == 50'000'000);
    CHECK(!life->days);
}

TEST_CASE("a card that nothing is written to does not last for ever") {
    CHECK(agent::card_life(0, 24h, 1)->days == 1);
    CHECK(agent::card_life(0, 24h, std::uint64_t{1} << 60U)->days == agent::CardLife::kDaysMax);
}
