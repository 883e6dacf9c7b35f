#pragma once

#include <string>

#include "agent/config/config.hpp"

namespace agent {

/// Reads a new configuration as `leat-agent validate` does, and refuses what may not be changed
/// from afar: who the node is, where its outbox and its topics are, and what it may be asked beyond
/// what it may be asked now. `name` stands for the file in the errors.
base::Status check_change(const Config& current, const std::string& text, const std::string& name);

}  // namespace agent
