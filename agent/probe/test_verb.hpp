#pragma once

#include "agent/config/config.hpp"

namespace agent {

/// `leat-agent test`: looks at the folder of the outbox, reads every sensor once and prints what it
/// says. The exit code.
int test_verb(const Config& config);

}  // namespace agent
