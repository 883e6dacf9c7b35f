#pragma once

#include <string_view>

namespace bridge {

/// leat.lua: the Redis Function library, and the version it says it has.
extern const std::string_view kFunctionLibrary;
extern const int kFunctionVersion;

/// sample.toml
extern const std::string_view kSampleConfig;

}  // namespace bridge
