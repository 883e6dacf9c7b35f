#pragma once

#include <string>
#include <vector>

#include "base/settings.hpp"

namespace drivers::tables {

/// One line of [sensor.columns].
struct ColumnOptions {
    std::string column;                  // Name in the header, key, or number from 1.
    std::string quantity;                // The second half of the series name.
    std::string unit;                    // SenML.
    std::vector<std::string> missing{};  // Codes for no value in this column.
};

/// Reads [sensor.columns]: column = "quantity" or "quantity:unit", or a table of that as `quantity`
/// and the codes for no value as `missing`; at least one, at most 64, each quantity once. What is
/// wrong is left in the settings.
std::vector<ColumnOptions> read_column_options(base::Settings& settings);

}  // namespace drivers::tables
