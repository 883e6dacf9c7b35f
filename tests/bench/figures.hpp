#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace bench {

/// Processor time of a process so far, user and system, in seconds (/proc/<pid>/stat).
double processor_seconds(pid_t pid);

/// The same for its living threads of that name.
double processor_seconds_of_threads(pid_t pid, const std::string& name);

/// Resident memory in KiB (/proc/<pid>/status, VmRSS).
std::uint64_t resident_kib(pid_t pid);

/// The part of it that belongs to no file: what the process needs for itself (RssAnon).
std::uint64_t anonymous_kib(pid_t pid);

/// Bytes that a process made the kernel write to storage (/proc/<pid>/io, write_bytes).
std::uint64_t written_bytes(pid_t pid);

/// The value below which that share of them lies, 0..1. There is at least one.
double percentile(std::vector<double> values, double share);

/// One row of the table: what, the figure, its unit.
void report(const std::string& what, double figure, const std::string& unit);

/// Measures the time between its making and seconds().
class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

}  // namespace bench
