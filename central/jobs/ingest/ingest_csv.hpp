#pragma once

#include <memory>

#include "central/jobs/core/job.hpp"
#include "central/jobs/keys/keys.hpp"
#include "central/jobs/keys/place.hpp"

namespace jobs {

/// ingest-csv: takes the CSV files that are put into a folder, as the readings of a node.
std::unique_ptr<Job> make_ingest_csv(Keys& keys, const Place& place);

}  // namespace jobs
