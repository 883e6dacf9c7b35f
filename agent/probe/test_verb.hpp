#pragma once

#include "agent/config/config.hpp"

namespace agent {

/// `leat-agent test`: checks the folder of the outbox, reads every sensor once and prints the
/// values. Returns the exit code.
int test_verb(const Config& config);

}  // namespace agent
