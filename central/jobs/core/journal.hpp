#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/jobs/core/lock.hpp"
#include "central/jobs/core/run.hpp"

namespace jobs {

struct RunRange {
    std::string job{};                     // Empty: of all.
    std::optional<std::int64_t> before{};  // Only those with a smaller number.
    bool only_whole = false;               // Without trials, and those of another time or place.
    std::size_t runs_max = 100;
};

/// The runs of all jobs. Durable when a call returns.
class Journal {
  public:
    virtual ~Journal() = default;

    /// Begins to keep other runs of the job out. Transient when another has it.
    virtual base::Result<std::unique_ptr<Hold>> hold(const std::string& job) = 0;

    /// Notes a run that begins, and gives its number. Of the runs of a job the newest are kept.
    virtual base::Result<std::int64_t> begin(const Run& run) = 0;

    /// Notes what became of it; also when its hold is lost.
    virtual base::Status end(const Run& run) = 0;

    /// Notes of every run of the job that has no end that it was interrupted; gives how many.
    virtual base::Result<std::uint64_t> close_interrupted(const std::string& job,
                                                          base::EventTime now) = 0;

    /// The newest first.
    virtual base::Result<std::vector<Run>> runs(const RunRange& range) = 0;

    /// The newest run of the job.
    base::Result<std::optional<Run>> newest(const std::string& job) {
        auto found = runs({.job = job, .runs_max = 1});
        if (!found) return found.error();
        if (found.value().empty()) return std::optional<Run>{};
        return std::optional{std::move(found.value().front())};
    }
};

}  // namespace jobs
