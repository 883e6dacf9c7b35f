#pragma once

#include <optional>
#include <string>

#include "drivers/mqtt/options/options.hpp"

namespace drivers::mqtt {

/// What tells the devices of a filter for values apart from those of the filters before it, in
/// whose topics the wildcards could stand for the same. Nothing when they cannot be confused.
std::optional<std::string> what_tells_apart(const Options& options, std::size_t filter);

}  // namespace drivers::mqtt
