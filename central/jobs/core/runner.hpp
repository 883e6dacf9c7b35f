#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/jobs/core/job.hpp"
#include "central/jobs/core/journal.hpp"

namespace jobs {

/// Which job runs, and for whom.
struct Ticket {
    std::string name;
    std::string kind;
    bool is_scheduled = false;
};

/// Sleeps.
using Pause = std::function<void(base::Duration)>;

/// Runs a job by the rules: two runs of it never at once, one row of the journal each, and one that
/// died before is closed. A dry run leaves no row. Tries for a minute to note the end. Gives the
/// run as the journal has it, also when the job failed; an Error when it could not begin
/// (transient: it is running already), or its end could not be noted.
base::Result<Run> carry_out(const Ticket& ticket, Job& job, const Order& order, Journal& journal,
                            const base::Clock& clock, Progress& progress, const Pause& pause);

}  // namespace jobs
