#pragma once

#include <optional>
#include <string_view>

#include "drivers/serial/text/decoded_line.hpp"
#include "drivers/serial/text/line_options.hpp"

namespace drivers::serial {

/// A number with or without a unit, a word for a missing one, or a text.
DecodedLine::Value read_cell(const std::string& key, std::string_view cell, char decimal_mark);

/// Decodes a line of bare numbers, which `columns` names: "23.4,45.0" or "DHT11, OK, 45.0, 23.0".
/// Cells are separated by semicolons, commas or bars, else by blanks. Nothing if it has another
/// number of cells, or if no named cell is a number.
std::optional<DecodedLine> decode_row(std::string_view line, const LineOptions& options);

}  // namespace drivers::serial
