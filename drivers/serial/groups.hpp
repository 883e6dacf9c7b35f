#pragma once

#include <string>
#include <vector>

#include "drivers/serial/text/decoded_line.hpp"

namespace drivers::serial {

/// The SenML units of the numbers under one label. All are equal when the numbers are one quantity
/// in several units ("23 °C 73.4 °F"); "" for a unit that nothing explains.
std::vector<std::string> units_of_group(const std::vector<DecodedLine::Value>& values);

/// Which number of such a quantity counts: the first in a unit of the SI, else the first.
std::size_t main_of_group(const std::vector<DecodedLine::Value>& values);

}  // namespace drivers::serial
