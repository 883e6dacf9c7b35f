#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/jobs/core/journal.hpp"

namespace api {

/// The parameters of /api/v1/jobs.
std::vector<http::Parameter> job_parameters();

/// Answers with runs of jobs, the newest first; `next` gives those before them when passed as
/// `after`. Without a journal there are none.
std::variant<std::string, http::Problem> list_runs(jobs::Journal* journal,
                                                   const http::Target& target, base::EventTime now);

}  // namespace api
