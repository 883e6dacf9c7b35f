#pragma once

#include <string>

namespace agent {

/// `leat-agent decode`: prints what the recording of a sensor's line holds. Returns the exit code.
int decode_verb(const std::string& sensor, const std::string& file);

}  // namespace agent
