#pragma once

#include "base/result.hpp"
#include "drivers/serial/text/decoded_line.hpp"
#include "drivers/serial/text/line_options.hpp"
#include "drivers/serial/text/lines.hpp"

namespace drivers::serial {

/// Decodes a JSON object, a row of bare numbers, labels with numbers, or words. Malformed when a
/// line with a number in it is not understood; the detail says which piece. In a torn line only a
/// whole JSON object counts: half a pair may look like another pair ("in_temperature=7" like
/// "temperature=7"), but half an object is not an object.
base::Result<DecodedLine> decode_line(const Line& line, const LineOptions& options);

}  // namespace drivers::serial
