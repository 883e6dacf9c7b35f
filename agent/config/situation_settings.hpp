#pragma once

#include <string>
#include <vector>

#include "base/settings.hpp"

namespace agent {

/// The key `location` of a table: "/house/attic". Refuses what is no location, with what was meant.
/// Empty, written or as the fallback: it is not known.
std::string read_location(base::Settings& settings, const std::string& fallback);

/// The key `tags` of a table, in order. Refuses what is no tag, a tag that is there twice, and more
/// tags than a series may have.
std::vector<std::string> read_tags(base::Settings& settings, std::vector<std::string> fallback);

}  // namespace agent
