// Goal: a false ENSURE ends the program, in every build. Method: it runs in a child process.

#include "base/ensure.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/backoff.hpp"
#include "base/counters.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "support/captured.hpp"

namespace {

struct End {
    bool aborted = false;
    std::string said;
};

template <class Work>
End end_of(Work work) {
    const support::Captured err{2};
    const auto child = fork();
    if (child == 0) {
        // doctest would report the signal; here it is the answer.
        std::signal(SIGABRT, SIG_DFL);
        work();
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return {.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, .said = err.text()};
}

}  // namespace

TEST_SUITE("base/ensure") {
    TEST_CASE("a false ENSURE stops the program and says where; a true one does nothing") {
        int evaluated = 0;
        ENSURE(++evaluated == 1);
        CHECK(evaluated == 1);
        const auto end = end_of([] { ENSURE(1 + 1 == 3); });
        CHECK(end.aborted);
        CHECK(end.said.find("ensure_test.cpp:") != std::string::npos);
        CHECK(end.said.find("ENSURE(1 + 1 == 3) failed") != std::string::npos);
        CHECK_FALSE(end_of([] { ENSURE(1 + 1 == 2); }).aborted);
    }

    TEST_CASE("asking an error for its value, or a value for its error, stops the program") {
        const base::Result<int> good{1};
        const base::Result<int> bad{base::Error{base::Fault::transient, "away"}};
        CHECK(good);
        CHECK(good.value() == 1);
        CHECK_FALSE(bad);
        CHECK(bad.error().detail == "away");
        CHECK(end_of([&] { static_cast<void>(bad.value()); }).aborted);
        CHECK(end_of([&] { static_cast<void>(good.error()); }).aborted);
    }

    TEST_CASE("misuse of counters and random numbers stops the program") {
        base::Counters counters;
        CHECK(end_of([&] { counters.counter("records", "x"); }).aborted);
        CHECK(end_of([&] { counters.gauge("records_total", "x"); }).aborted);
        base::Random random{1};
        CHECK(end_of([&] { random.below(0); }).aborted);
    }
}
