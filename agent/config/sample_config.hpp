#pragma once

#include <string>
#include <string_view>

namespace agent {

/// agent/sample.toml: everything but the sensors.
extern const std::string_view kSampleBeginning;

/// A whole configuration file with comments: the beginning, and the sample of every driver. Only
/// `host` is switched on, because it runs anywhere; the others are commented out.
std::string sample_config();

}  // namespace agent
