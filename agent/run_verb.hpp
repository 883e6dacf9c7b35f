#pragma once

#include <string>

namespace agent {

/// `leat-agent run`: lives once, and again whenever another configuration is to be tried or taken
/// back. The exit code.
int run_verb(const std::string& config_file, const std::string& version);

}  // namespace agent
