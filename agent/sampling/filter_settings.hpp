#pragma once

#include <map>
#include <string>

#include "agent/sampling/filter.hpp"
#include "base/settings.hpp"

namespace agent {

/// Of a sensor's quantities, by name.
using Filters = std::map<std::string, FilterOptions>;

/// Reads the tables [sensor.series.<quantity>] of a [[sensor]]. What is wrong is left in the
/// settings.
Filters read_filters(base::Settings& sensor);

}  // namespace agent
