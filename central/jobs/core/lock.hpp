#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace jobs {

/// The file that keeps two runs of a job of this database apart.
std::string lock_path(const std::string& database, const std::string& job);

/// Keeps a second run of a job out for as long as it lives, in whatever process. The kernel
/// releases it when the process dies.
class RunLock {
  public:
    /// `path` is a file for this and nothing else. Transient when another run has it.
    static base::Result<std::unique_ptr<RunLock>> acquire(const std::string& path);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

  private:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace jobs
