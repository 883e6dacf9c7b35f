#pragma once

#include <memory>

#include "central/jobs/kinds/kinds.hpp"

namespace jobs {

/// Takes a day, one by chance unless the order names one, counts its windows again from single
/// readings, and fails when a stored one differs.
std::unique_ptr<Job> make_recount(Keys& keys, const Place& place);

}  // namespace jobs
