#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace drivers {

/// Decodes a capture of a logic analyser, CSV with the columns `time_us,level`, as "dht11", "dht22"
/// (the data line) or "hcsr04" (the ECHO line; 20 °C). One JSON object a frame: t_us, and
/// humidity_percent and temperature_celsius or distance_m; frames that are refused have t_us and
/// reason. Malformed with the reasons when there is no good frame at all, or a line is no row.
base::Result<std::vector<std::string>> decode_edges(std::string_view kind, std::istream& csv);

}  // namespace drivers
