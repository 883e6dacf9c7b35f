#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Writes the single readings of a day as one CSV file into a folder: whole, and what it replaces
/// goes into `backup`. `folder`; `match`: of which series; `zone`: whose days; `keep`: how many
/// replaced files stay.
std::unique_ptr<Job> make_export_csv(Keys& keys, const Place& place);

}  // namespace jobs
