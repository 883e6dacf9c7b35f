#pragma once

#include "agent/config/config.hpp"

namespace agent {

/// `leat-agent test`: checks what `run` would refuse, tries the broker, reads every sensor once and
/// prints the values, and says what it did not try. Returns the exit code.
int test_verb(const Config& config);

}  // namespace agent
