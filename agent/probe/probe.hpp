#pragma once

#include <string>

namespace agent {

struct ProbeOptions {
    std::string config;  // Empty: /etc/leat/agent.toml, if there is one.
    std::string root;    // Where dev, sys and proc are.
    std::string version;
    bool json = false;
};

/// `leat-agent probe`: looks at the machine, tries every configured sensor, and prints what it
/// found and what is wired wrongly. The exit code: 0 all well, 1 a problem, 78 the configuration
/// has errors.
int probe(const ProbeOptions& options);

}  // namespace agent
