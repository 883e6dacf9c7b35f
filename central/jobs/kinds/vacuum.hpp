#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Gives room in the database file that nothing uses back to the disk, when there is much of it.
/// `free_at_least`: the share of the file from which on it is worth it.
std::unique_ptr<Job> make_vacuum(Keys& keys, const Place& place);

}  // namespace jobs
