#pragma once

#include <string>

namespace agent {

/// `leat-agent decode`: prints what a capture of a sensor's line holds. The exit code.
int decode_verb(const std::string& sensor, const std::string& file);

}  // namespace agent
