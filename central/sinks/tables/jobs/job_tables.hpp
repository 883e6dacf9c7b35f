#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/jobs/core/journal.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What makes the table etl_log and the view v_jobs.
extern const char* const kJobTables;

base::Result<std::int64_t> insert_run(sql::Database& database, const jobs::Run& run);
base::Status update_run(sql::Database& database, const jobs::Run& run);

/// As Journal::close_interrupted() and Journal::runs().
base::Result<std::uint64_t> close_runs(sql::Database& database, const std::string& job,
                                       base::EventTime now);
base::Result<std::vector<jobs::Run>> read_runs(sql::Database& database,
                                               const jobs::RunRange& range);

/// Drops the oldest runs of the job beyond so many.
base::Status trim_runs(sql::Database& database, const std::string& job, std::uint64_t runs_max);

}  // namespace sinks
