#pragma once

#include <memory>

#include "central/jobs/core/job.hpp"
#include "central/jobs/keys/keys.hpp"
#include "central/jobs/keys/place.hpp"

namespace jobs {

/// ingest-tables: takes rows of another database's monthly tables, as the readings of a node.
std::unique_ptr<Job> make_ingest_tables(Keys& keys, const Place& place);

}  // namespace jobs
