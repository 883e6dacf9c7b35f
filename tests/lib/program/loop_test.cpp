#include "program/loop.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/manual_clock.hpp"

using program::Next;
using program::run_loop;

namespace {

constexpr base::Duration kNoPause{0};

}  // namespace

TEST_SUITE("program/loop") {
    TEST_CASE("it ticks until the program wants to leave") {
        const support::ManualClock clock;
        const program::StopSignals signals;
        int ticks = 0;
        const auto ran = run_loop(clock, signals, kNoPause, [&](base::Instant now) {
            CHECK(now == clock.instant());
            return base::Result<Next>{++ticks < 3 ? Next::tick : Next::leave};
        });
        CHECK(ran);
        CHECK(ticks == 3);
    }

    TEST_CASE("an error ends it, and is what it returns") {
        const support::ManualClock clock;
        const program::StopSignals signals;
        int ticks = 0;
        const auto ran = run_loop(clock, signals, kNoPause, [&](base::Instant) {
            return ++ticks < 2 ? base::Result<Next>{Next::pause}
                               : base::Error{base::Fault::misconfigured, "no appendonly"};
        });
        REQUIRE_FALSE(ran);
        CHECK(ran.error().detail == "no appendonly");
        CHECK(ticks == 2);
    }

    TEST_CASE("a signal to stop ends it after the tick") {
        const auto child = fork();  // A stop cannot be taken back.
        if (child == 0) {
            const support::ManualClock clock;
            const program::StopSignals signals;
            int ticks = 0;
            const auto ran = run_loop(clock, signals, kNoPause, [&](base::Instant) {
                if (++ticks == 2) raise(SIGTERM);
                return base::Result<Next>{Next::pause};
            });
            _exit(ran && ticks == 2 ? 0 : 1);
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
}
