#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "central/jobs/core/schedule.hpp"
#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// A job as [job.NAME] describes it.
struct JobSpec {
    std::string name;
    std::string kind;
    std::optional<Schedule> schedule{};                     // None: only when somebody runs it.
    std::uint64_t retries = 0;                              // Of a scheduled run that failed,
    base::Duration retry_after = std::chrono::minutes{10};  // each so long after the one before.
    base::Duration time_max = std::chrono::hours{12};       // Then a scheduled run is ended.
    bool alert = true;                                      // Whether a failure is an alert.
    base::Settings keys;                                    // Its table, for what its kind needs.
};

/// Reads every [job.NAME], and checks the keys of its kind.
std::vector<JobSpec> read_jobs(base::Settings& file, const Place& place);

}  // namespace jobs
