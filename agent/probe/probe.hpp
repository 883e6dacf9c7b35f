#pragma once

#include <string>

namespace agent {

struct ProbeOptions {
    std::string config;  // Empty: /etc/leat/agent.toml, if there is one.
    std::string root;    // The folder of dev, sys and proc.
    std::string version;
    bool json = false;
};

/// `leat-agent probe`: surveys the machine, tries every configured sensor, and prints what it found
/// and what is wired wrongly. Returns the exit code: 0 all is well, 1 there is a problem, 78 the
/// configuration has errors.
int probe(const ProbeOptions& options);

}  // namespace agent
