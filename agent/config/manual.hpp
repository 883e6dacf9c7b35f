#pragma once

#include <vector>

#include "program/command_line.hpp"

namespace agent {

/// What the manual of leat-agent says besides its verbs: the drivers, the configuration file with
/// every key, the signals.
std::vector<program::ManualSection> manual();

}  // namespace agent
