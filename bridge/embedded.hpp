#pragma once

#include <string_view>

namespace bridge {

/// leat.lua: the Redis function library, and the version that it states.
extern const std::string_view kFunctionLibrary;
extern const int kFunctionVersion;

/// sample.toml
extern const std::string_view kSampleConfig;

}  // namespace bridge
