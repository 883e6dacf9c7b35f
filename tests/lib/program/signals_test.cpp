#include "program/signals.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace {

/// The exit code of a child that works with signals; 128 + n if signal n ended it.
template <class Work>
int exit_of(Work work) {
    const auto child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_SUITE("program/signals") {
    TEST_CASE("SIGTERM and SIGINT ask for a stop, and for nothing else") {
        for (const int signal : {SIGTERM, SIGINT}) {
            CHECK(exit_of([signal] {
                      program::StopSignals signals;
                      if (signals.stop_requested()) return 1;
                      raise(signal);
                      return signals.stop_requested() && !signals.take_reload() ? 0 : 2;
                  }) == 0);
        }
    }

    TEST_CASE("a second SIGINT ends the program at once") {
        CHECK(exit_of([] {
                  program::StopSignals signals;
                  raise(SIGINT);
                  raise(SIGINT);
                  return 0;
              }) == 128 + SIGINT);
    }

    TEST_CASE("any number of SIGHUPs asks for one reload") {
        CHECK(exit_of([] {
                  program::StopSignals signals;
                  raise(SIGHUP);
                  raise(SIGHUP);
                  if (!signals.take_reload()) return 1;
                  return signals.take_reload() || signals.stop_requested() ? 2 : 0;
              }) == 0);
    }

    TEST_CASE("writing to a closed connection is an error and not the end") {
        CHECK(exit_of([] {
                  program::StopSignals signals;
                  std::array<int, 2> ends{};
                  if (pipe(ends.data()) != 0) return 1;
                  close(ends[0]);
                  return write(ends[1], "x", 1) == -1 ? 0 : 2;
              }) == 0);
    }
}
