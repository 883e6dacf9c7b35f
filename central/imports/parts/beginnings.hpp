#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "central/imports/parts/inbox.hpp"

namespace imports {

/// Of each file the others of which it has the whole content at its beginning, as one that has
/// grown since has; of files with the same content only the first by name is such a beginning.
/// Reads each file once; `failed` hears of those that cannot be read.
using Failed = std::function<void(std::size_t file, const base::Error& why)>;
std::vector<std::vector<std::size_t>> beginnings_of(const std::vector<Found>& files,
                                                    const Inbox& inbox, const Failed& failed);

}  // namespace imports
