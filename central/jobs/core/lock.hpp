#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace jobs {

/// Keeps a second run of a job out for as long as it lives, in whatever process.
class Hold {
  public:
    virtual ~Hold() = default;

    /// An Error when it may not keep it out any more: then the run must not write.
    virtual base::Status check() = 0;
};

/// The file that keeps two runs of a job of this database apart.
std::string lock_path(const std::string& database, const std::string& job);

/// A hold that is a lock on a file. The kernel releases it when the process dies.
class RunLock final : public Hold {
  public:
    /// `path` is a file for this and nothing else. Transient when another run has it.
    static base::Result<std::unique_ptr<RunLock>> acquire(const std::string& path);
    ~RunLock() override;
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

    base::Status check() override { return base::Done{}; }

  private:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace jobs
