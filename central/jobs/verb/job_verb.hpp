#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/jobs/settings/job_spec.hpp"
#include "program/command_line.hpp"

namespace jobs {

/// What the verb needs of the configuration.
struct JobsSource {
    Place place;
    std::vector<JobSpec> specs;
};

using LoadJobs = std::function<base::Result<JobsSource>(const std::string& file)>;

/// The verb `job`: runs a job, lists jobs and their runs, says what one does.
program::CommandVerb job_verb(const program::CommandOption& config, LoadJobs load,
                              const base::Clock& clock);

}  // namespace jobs
