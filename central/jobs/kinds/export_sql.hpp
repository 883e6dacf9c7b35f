#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Brings windows, or single readings, into a table of another database, through ODBC: those that
/// are new, and those that have changed. `rows`, `window`, `table`, `time`, `match`, `ranges`,
/// `look_back`, `batch`, `create`, `log_table`, and the keys of read_database().
std::unique_ptr<Job> make_export_sql(Keys& keys, const Place& place);

}  // namespace jobs
