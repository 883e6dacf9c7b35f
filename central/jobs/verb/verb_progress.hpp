#pragma once

#include "central/jobs/core/job.hpp"

namespace jobs {

/// Shows on standard error how far a run is, when that is a terminal.
class VerbProgress final : public Progress {
  public:
    VerbProgress();
    ~VerbProgress() override;
    VerbProgress(const VerbProgress&) = delete;
    VerbProgress& operator=(const VerbProgress&) = delete;

    void report(std::uint64_t done, std::uint64_t total) override;

  private:
    bool is_terminal_;
    int shown_ = -1;  // Percent.
};

}  // namespace jobs
