#pragma once

#include <vector>

#include "base/clock.hpp"
#include "central/jobs/core/journal.hpp"
#include "central/jobs/settings/job_spec.hpp"
#include "central/shell/table/table.hpp"

namespace jobs {

/// The configured jobs, each with when it runs and what became of its newest run.
base::Result<shell::Table> table_of(const std::vector<JobSpec>& specs, Journal& journal,
                                    base::EventTime now);

/// Runs, the newest first.
shell::Table table_of(const std::vector<Run>& runs);

}  // namespace jobs
