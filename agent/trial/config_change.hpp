#pragma once

#include <string>

#include "agent/config/config.hpp"

namespace agent {

/// Reads a new configuration as `leat-agent validate` does, and refuses what may not be changed
/// from afar: the node's name, where its outbox and topics are, a smaller quota, and any command
/// that is not allowed now. `name` stands for the file in the errors.
base::Status check_change(const Config& current, const std::string& text, const std::string& name);

}  // namespace agent
