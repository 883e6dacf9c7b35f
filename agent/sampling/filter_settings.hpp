#pragma once

#include <map>
#include <string>

#include "agent/sampling/filter.hpp"
#include "base/settings.hpp"

namespace agent {

/// The filters of a sensor's quantities, by name.
using Filters = std::map<std::string, FilterOptions>;

/// Reads the tables [sensor.series.<quantity>] of a [[sensor]]. Its errors stay in the settings.
Filters read_filters(base::Settings& sensor);

}  // namespace agent
