#pragma once

#include <vector>

#include "base/settings.hpp"
#include "central/validation/rules.hpp"

namespace validation {

/// Reads the tables [[validate]], in their order. What is wrong is noted in the settings.
Rules read_rules(std::vector<base::Settings> tables);

}  // namespace validation
