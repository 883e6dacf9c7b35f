#include "drivers/dht/cadence.hpp"

#include <doctest/doctest.h>

using drivers::dht::Cadence;
using drivers::dht::JumpGuard;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

base::Instant at(int ms) {
    return base::Instant{milliseconds{ms}};
}

/// Asks and starts; what the sensor says comes from the test.
void begin(Cadence& cadence, int ms) {
    REQUIRE(cadence.ask(at(ms)) == Cadence::Answer::accepted);
    REQUIRE(cadence.due(at(ms)));
    cadence.started(at(ms));
}

}  // namespace

TEST_CASE("a sensor is never started sooner than it allows") {
    Cadence cadence({});
    begin(cadence, 10'000);
    cadence.succeeded();
    CHECK(cadence.ask(at(11'000)) == Cadence::Answer::too_soon);
    CHECK(cadence.ask(at(11'799)) == Cadence::Answer::too_soon);
    // A tick's width too early waits.
    CHECK(cadence.ask(at(11'900)) == Cadence::Answer::accepted);
    CHECK_FALSE(cadence.due(at(11'999)));
    CHECK(cadence.due(at(12'000)));
}

TEST_CASE("a failed try is repeated at the pace of the sensor, and only so often") {
    Cadence cadence({.tries = 3});
    begin(cadence, 0);
    CHECK(cadence.failed() == Cadence::Failed::attempt);
    CHECK_FALSE(cadence.due(at(1999)));
    REQUIRE(cadence.due(at(2000)));
    cadence.started(at(2000));
    CHECK(cadence.failed() == Cadence::Failed::attempt);
    cadence.started(at(4000));
    CHECK(cadence.failed() == Cadence::Failed::reading);
    CHECK_FALSE(cadence.due(at(60'000)));
    CHECK(cadence.state() == Cadence::State::stale);
}

TEST_CASE("a reading that is due ends the tries for the one before, and has its own") {
    Cadence cadence({.tries = 2});
    begin(cadence, 0);
    CHECK(cadence.failed() == Cadence::Failed::attempt);
    CHECK(cadence.ask(at(1900)) == Cadence::Answer::overtakes);
    CHECK(cadence.ask(at(1950)) == Cadence::Answer::accepted);  // It waits already.
    REQUIRE(cadence.due(at(2000)));
    cadence.started(at(2000));
    CHECK(cadence.failed() == Cadence::Failed::attempt);  // Its first.
    cadence.started(at(4000));
    CHECK(cadence.ask(at(4500)) == Cadence::Answer::accepted);  // While the second is under way.
    SUBCASE("which fails") {
        CHECK(cadence.failed() == Cadence::Failed::reading);
        CHECK(cadence.state() == Cadence::State::stale);
    }
    SUBCASE("which succeeds") {
        cadence.succeeded();
    }
    CHECK_FALSE(cadence.due(at(5999)));
    REQUIRE(cadence.due(at(6000)));
    cadence.started(at(6000));
    CHECK(cadence.failed() == Cadence::Failed::attempt);
}

TEST_CASE("a reading that is due soon after a repeated try waits, and is not refused") {
    Cadence cadence({.tries = 2});
    begin(cadence, 0);
    cadence.failed();
    cadence.started(at(2000));
    cadence.succeeded();
    CHECK(cadence.ask(at(3000)) == Cadence::Answer::accepted);
    CHECK_FALSE(cadence.due(at(3999)));
    REQUIRE(cadence.due(at(4000)));
    cadence.started(at(4000));
    cadence.succeeded();
    CHECK(cadence.ask(at(5000)) == Cadence::Answer::too_soon);
}

TEST_CASE("readings that were overtaken count as failed ones when a sensor goes down") {
    Cadence cadence({.tries = 3, .failures_to_down = 3});
    begin(cadence, 0);
    for (int i = 1; i <= 3; ++i) {
        CHECK(cadence.state() == Cadence::State::stale);
        CHECK(cadence.failed() == Cadence::Failed::attempt);
        CHECK(cadence.ask(at(2000 * i)) == Cadence::Answer::overtakes);
        if (i < 3) cadence.started(at(2000 * i));
    }
    CHECK(cadence.state() == Cadence::State::down);
    cadence.started(at(6000));
    CHECK(cadence.failed() == Cadence::Failed::reading);  // One try only.
}

TEST_CASE("a sensor that fails five times is down, is left alone, and comes back") {
    Cadence cadence({.tries = 1, .failures_to_down = 5});
    CHECK(cadence.state() == Cadence::State::stale);
    int now = 0;
    for (int i = 0; i < 5; ++i, now += 2000) {
        begin(cadence, now);
        CHECK(cadence.failed() ==
              (i == 4 ? Cadence::Failed::last_straw : Cadence::Failed::reading));
    }
    CHECK(cadence.state() == Cadence::State::down);
    const int last = now - 2000;
    CHECK(cadence.ask(at(last + 29'999)) == Cadence::Answer::down);
    begin(cadence, last + 30'000);
    CHECK(cadence.failed() == Cadence::Failed::reading);  // It was down already.
    begin(cadence, last + 60'000);
    cadence.succeeded();
    CHECK(cadence.state() == Cadence::State::ok);
    begin(cadence, last + 62'000);
}

TEST_CASE("every state of a sensor has a name") {
    CHECK(to_text(Cadence::State::ok) == "ok");
    CHECK(to_text(Cadence::State::stale) == "stale");
    CHECK(to_text(Cadence::State::down) == "down");
}

TEST_CASE("a value that jumps needs a second one that confirms it") {
    JumpGuard guard(5, seconds{10});
    CHECK(guard.accepts(20, at(0)));
    CHECK(guard.accepts(25, at(2000)));
    CHECK_FALSE(guard.accepts(40, at(4000)));
    CHECK(guard.accepts(26, at(6000)));  // It was a stray one.
    CHECK_FALSE(guard.accepts(40, at(8000)));
    CHECK_FALSE(guard.accepts(60, at(9000)));  // Confirms nothing.
    CHECK(guard.accepts(58, at(10'000)));
    CHECK_FALSE(guard.accepts(20, at(12'000)));
    CHECK(guard.accepts(40, at(21'000)));  // Too long ago to be compared.
}
