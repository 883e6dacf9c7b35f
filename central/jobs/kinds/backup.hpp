#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Copies the database, whole and while central runs, into a folder; opens the copy and looks
/// whether it is good before it counts as one. `folder`, and `keep`: how many copies stay.
std::unique_ptr<Job> make_backup(Keys& keys, const Place& place);

}  // namespace jobs
