#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace delivery {

/// Renames a damaged database (and its write-ahead log) to `<path>.corrupt-<n>`, deletes the oldest
/// such files beyond `kept`, and gives the new name.
base::Result<std::string> put_aside(const std::string& path, std::size_t kept);

/// The newest of those that were put aside and are still there; nothing when there is none.
std::optional<std::string> newest_put_aside(const std::string& path);

}  // namespace delivery
