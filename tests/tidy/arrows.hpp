#pragma once

#include <map>
#include <set>
#include <string>

namespace tidy {

/// A module is a folder, named as an include names it: "wire" for lib/wire/. Lists the modules that
/// each may include besides itself. A new arrow changes the design: discuss it before adding it.
const std::map<std::string, std::set<std::string>>& arrows();

}  // namespace tidy
