#pragma once

#include <cstddef>
#include <vector>

#include "base/result.hpp"
#include "central/imports/parts/inbox.hpp"

namespace imports {

/// Of each file the others of which it has the whole content at its beginning, as one that has
/// grown since has; of files with the same content only the first by name is such a beginning.
/// Reads each file once. Transient when one cannot be read.
base::Result<std::vector<std::vector<std::size_t>>> beginnings_of(const std::vector<Found>& files,
                                                                  const Inbox& inbox);

}  // namespace imports
