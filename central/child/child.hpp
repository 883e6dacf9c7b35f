#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace child {

struct ChildOptions {
    std::vector<std::string> argv;         // The program and its arguments; no shell reads them.
    std::vector<std::string> environment;  // "NAME=value", beside or before ours.
    std::string input;                     // What it reads from its standard input, a file.
};

/// A program that runs beside us, in a process group of its own. Its standard output goes nowhere;
/// of what it writes to standard error the end is kept. Never blocks: its owner asks whether it has
/// ended. Whatever of its group still runs is killed when this object goes.
class Child {
  public:
    /// Transient, with the system's reason, when it cannot be started.
    static base::Result<Child> start(const ChildOptions& options);

    ~Child();
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;

    /// Once it has ended: its exit code, or 128 and the signal that ended it.
    std::optional<int> exit_code();

    /// SIGKILL to it and to everything that it has started in its group.
    void kill_group();

    /// The last line that it wrote to its standard error, in printable ASCII.
    std::string last_words() const;

  private:
    Child(pid_t pid, int words) : pid_(pid), words_fd_(words) {}
    void read_words();

    pid_t pid_;  // -1: it is another object's now.
    int words_fd_;
    std::string words_;
    std::optional<int> exit_;
};

}  // namespace child
