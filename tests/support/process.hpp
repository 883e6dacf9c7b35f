#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace support {

struct ProcessOptions {
    std::vector<std::string> argv;         // argv[0] is searched for on PATH, then in /usr/sbin.
    std::vector<std::string> environment;  // "NAME=value", beside ours or in its place.
    std::string log_file;                  // For stdout and stderr; grows over restarts.
    std::string folder;                    // Working folder; empty: ours.
};

/// A child process. Nothing outlives the test: the destructor kills and reaps it, and the kernel
/// kills it when the thread that started it ends (PR_SET_PDEATHSIG counts threads, so start it from
/// one that lives long enough). No shell is involved and no other process is ever touched.
class Process {
  public:
    /// Throws when the program cannot be started.
    static Process start(const ProcessOptions& options);

    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;

    pid_t pid() const { return pid_; }
    bool running();
    void kill(int signal);

    /// The exit code, or 128 + signal as in a shell; nothing when the time is up. May be asked
    /// again.
    std::optional<int> wait(base::Duration timeout);

    /// What it has written to stdout and stderr so far.
    std::string log() const;

  private:
    Process(pid_t pid, std::string log_file) : pid_(pid), log_file_(std::move(log_file)) {}
    void reap(bool block);
    void end();

    pid_t pid_ = -1;
    std::string log_file_;
    std::optional<int> exit_;
};

/// The full path of a program on PATH or in /usr/sbin; empty when there is none.
std::string find_program(const std::string& name);

}  // namespace support
