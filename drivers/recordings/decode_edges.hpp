#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace drivers::recordings {

/// What a recording holds, one JSON object a line.
struct DecodedEdges {
    std::vector<std::string> frames;   // t_us, and the values with their units in the names.
    std::vector<std::string> refused;  // t_us and reason.
};

/// Decodes what a logic analyser recorded, CSV as read_changes() takes it, as "dht11" or "dht22"
/// (the data line) or "hcsr04" (the ECHO line, at 20 °C). Malformed, with the reasons, when there
/// is no good frame at all, or when a line is not a row.
base::Result<DecodedEdges> decode_edges(std::string_view kind, std::istream& csv);

}  // namespace drivers::recordings
