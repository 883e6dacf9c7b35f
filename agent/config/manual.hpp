#pragma once

#include <vector>

#include "base/command_line.hpp"

namespace agent {

/// What the manual of leat-agent says beside its verbs: the configuration file with every key, the
/// drivers, the signals.
std::vector<base::ManualSection> manual();

}  // namespace agent
