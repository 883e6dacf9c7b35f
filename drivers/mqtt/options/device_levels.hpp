#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/options/options.hpp"

namespace drivers::mqtt {

/// The levels of a topic or filter that say which device it is; the others say what of it.
std::vector<std::string> device_levels(Format format, std::vector<std::string> levels);

/// What tells the devices of a filter for values apart from those of the filters before it, in
/// whose topics the wildcards could stand for the same. Nothing when they cannot be confused.
std::optional<std::string> what_tells_apart(const Options& options, std::size_t filter);

}  // namespace drivers::mqtt
