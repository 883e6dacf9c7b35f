#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Takes over where series are, their tags, or what tags mean, from a CSV file, or from a query to
/// another database through ODBC, as `leat-central dim import` does. `file`, or `query` with the
/// keys of read_database(); `partial`: whether nodes without a mistake are taken where others have
/// one.
std::unique_ptr<Job> make_dim_refresh(Keys& keys, const Place& place);

}  // namespace jobs
