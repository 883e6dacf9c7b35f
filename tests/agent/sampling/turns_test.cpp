#include "agent/sampling/turns.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a turn outside the period keeps its distance, and the grid stays where it was") {
    const base::Instant start{1h};
    agent::Turns turns(60s, start);
    CHECK(turns.begin_turn(start, 2s));
    turns.ask(start + 500ms, 2s);
    CHECK(!turns.begin_turn(start + 1900ms, 2s));
    CHECK(turns.begin_turn(start + 2s, 2s));
    CHECK(!turns.begin_turn(start + 30s, 2s));
    turns.ask(start + 30s, 2s);
    CHECK(turns.begin_turn(start + 30s, 2s));
    // The regular turn comes within a second: it serves instead.
    turns.ask(start + 59500ms, 2s);
    CHECK(!turns.begin_turn(start + 59900ms, 2s));
    CHECK(turns.begin_turn(start + 60s, 2s));
    CHECK(!turns.begin_turn(start + 61s, 2s));
    // A regular turn that would come within the rest is left out.
    turns.ask(start + 118s, 5s);
    CHECK(turns.begin_turn(start + 118s, 5s));
    CHECK(!turns.begin_turn(start + 120s, 5s));
    CHECK(turns.begin_turn(start + 180s, 5s));
    agent::Turns without_period(0s, start);
    without_period.ask(start, 0s);
    CHECK(!without_period.begin_turn(start + 10s, 0s));
}
