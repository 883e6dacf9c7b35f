#pragma once

#include <string>

namespace agent {

/// `leat-agent run`: runs the node, and runs it again whenever another configuration is to be tried
/// or rolled back. Returns the exit code.
int run_verb(const std::string& config_file, const std::string& version);

}  // namespace agent
