#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/jobs/core/journal.hpp"
#include "central/jobs/core/plan.hpp"

namespace api {

/// The parameters of /api/v1/jobs.
std::vector<http::Parameter> job_parameters();

/// What answers about jobs are made from.
struct JobFacts {
    jobs::Journal* journal = nullptr;     // None: no run is known.
    std::span<const jobs::Plan> plans{};  // Those that are configured.
};

/// Answers with the jobs that are configured, and with runs of jobs, the newest first; `next` gives
/// those before them when passed as `after`.
std::variant<std::string, http::Problem> list_runs(const JobFacts& facts,
                                                   const http::Target& target, base::EventTime now);

}  // namespace api
