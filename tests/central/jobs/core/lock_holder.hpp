#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "central/jobs/core/lock.hpp"
#include "support/temporary_folder.hpp"

namespace jobs_test {

/// Another process that has a lock, and is killed at the end.
class LockHolder {
  public:
    explicit LockHolder(const std::string& path) {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe(pipe.data()) == 0);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) hold(path, pipe[1]);
        ::close(pipe[1]);
        char has_it = 'n';
        const auto read = ::read(pipe[0], &has_it, 1);
        ::close(pipe[0]);
        REQUIRE(read == 1);
        REQUIRE(has_it == 'y');
    }
    ~LockHolder() {
        ::kill(child_, SIGKILL);
        int status = 0;
        ::waitpid(child_, &status, 0);
    }
    LockHolder(const LockHolder&) = delete;
    LockHolder& operator=(const LockHolder&) = delete;

  private:
    [[noreturn]] static void hold(const std::string& path, int report) {
        const auto lock = jobs::RunLock::acquire(path);
        const char has_it = lock ? 'y' : 'n';
        if (::write(report, &has_it, 1) == 1) {
            // The alarm ends it where the test died first.
            ::alarm(60);
            ::pause();
        }
        ::_exit(1);
    }

    pid_t child_ = -1;
};

/// Whether a process of an ordinary user gets the lock.
inline bool acquires_as_nobody(const support::TemporaryFolder& folder, const std::string& path) {
    REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        constexpr uid_t kNobody = 65'534;
        const bool is_other = ::geteuid() != 0 || ::setuid(kNobody) == 0;
        ::_exit(is_other && jobs::RunLock::acquire(path) ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace jobs_test
