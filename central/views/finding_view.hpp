#pragma once

#include <string>

#include "base/json.hpp"
#include "central/detect/core/finding.hpp"

namespace views {

/// Writes a finding as the API and the events show it; `series` is "attic/climate.temperature".
void write_finding(base::JsonWriter& json, const std::string& series,
                   const detect::Finding& finding);

}  // namespace views
