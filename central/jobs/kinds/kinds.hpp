#pragma once

#include <memory>
#include <string>
#include <vector>

#include "central/jobs/core/job.hpp"
#include "central/jobs/keys/keys.hpp"
#include "central/jobs/keys/place.hpp"

namespace jobs {

/// "backup", "export-csv" …
const std::vector<std::string>& kinds();

/// The job of that kind; its keys are read, and mistakes in them collected. ENSUREs the kind.
std::unique_ptr<Job> make_job(const std::string& kind, Keys& keys, const Place& place);

}  // namespace jobs
