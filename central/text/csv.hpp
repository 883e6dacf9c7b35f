#pragma once

#include <string>
#include <string_view>

namespace text {

/// A text from anywhere as a field of CSV (RFC 4180), in quotes when it must be. What would steer a
/// terminal is written out. A spreadsheet would take what begins like a formula for one, and carry
/// it out: an apostrophe tells it not to.
std::string csv_field(std::string_view text);

}  // namespace text
