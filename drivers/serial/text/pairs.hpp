#pragma once

#include <string_view>

#include "base/result.hpp"
#include "drivers/serial/text/decoded_line.hpp"
#include "drivers/serial/text/line_options.hpp"

namespace drivers::serial {

/// Decodes labels, numbers and units as people print them: "n=7 temperature=23.4", "Humidity: 45 %,
/// Temperature: 23.0 °C 73.4 °F", "23 cm". A line is understood whole or not at all, because a
/// piece that is not understood may be a unit: malformed, with the piece. Only a word where a
/// number should be ("nan", "OK") costs itself alone, and so does what stands behind an ignored
/// key.
base::Result<DecodedLine> decode_pairs(std::string_view line, const LineOptions& options);

}  // namespace drivers::serial
