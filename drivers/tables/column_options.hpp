#pragma once

#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/core/driver.hpp"
#include "drivers/tables/time_format.hpp"

namespace drivers::tables {

/// One line of [sensor.columns].
struct ColumnOptions {
    std::string column;    // Name in the header, key, or number from 1.
    std::string quantity;  // The second half of the series name.
    std::string unit;      // SenML.
};

/// Reads [sensor.columns]: column = "quantity" or "quantity:unit"; at least one, at most 64, each
/// quantity once. What is wrong is left in the settings, as by the readers below.
std::vector<ColumnOptions> read_column_options(base::Settings& settings);

/// Reads `time_format`; the default is "rfc3339".
TimeFormat read_time_format(base::Settings& settings);

/// Reads `separator`, one character; the default is a comma.
char read_separator(base::Settings& settings);

/// One quantity for each column, without a range.
std::vector<Quantity> quantities_of(const std::vector<ColumnOptions>& columns);

}  // namespace drivers::tables
