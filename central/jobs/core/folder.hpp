#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// Files that jobs leave behind: whole ones only, and not more and more of them.
namespace jobs {

/// Makes the folder in one that is there, unless it is there itself. Misconfigured, with what to
/// do, when it cannot be made.
base::Status make_folder(const std::string& path);

/// Of the files in the folder that are `before`, a stamp, and `after`, removes the oldest beyond
/// `keep`, which counts `made`; gives how many. `made` stays, even if a clock that was ahead has
/// made newer ones.
base::Result<std::size_t> rotate(const std::string& folder, const std::string& before,
                                 const std::string& after, std::size_t keep,
                                 const std::string& made);

/// Removes what killed runs have left: files that are `before`, a digit, anything, `after`,
/// ".part".
base::Status clear_partial(const std::string& folder, const std::string& before,
                           const std::string& after);

}  // namespace jobs
