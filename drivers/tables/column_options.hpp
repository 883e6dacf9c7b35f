#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/settings.hpp"

namespace drivers::tables {

/// One line of [sensor.columns].
struct ColumnOptions {
    std::string column;                  // Name in the header, key, or number from 1.
    std::string quantity;                // The second half of the series name.
    std::string unit;                    // SenML.
    std::vector<std::string> missing{};  // Codes for no value in this column.

    std::string written{};     // In which unit its cells are; empty: as the file says, else `unit`.
    bool heeds_header = true;  // False: `written` counts, whatever the file says.
    bool has_usual_unit = false;  // Nobody named a unit: `unit` is the usual one.
};

/// What "quantity" or "quantity:unit" says of a column. Misconfigured, with the column's name, when
/// it is none.
base::Result<ColumnOptions> parse_column(const std::string& column, const std::string& mapping);

/// Reads [sensor.columns]: column = "quantity" or "quantity:unit", or a table of that as
/// `quantity`, of the codes for no value as `missing`, and of the unit of its cells as `written`;
/// at least one, at most 64, each quantity once. A unit that is not SenML's but known, as degF, is
/// that of the cells, which are converted. What is wrong is left in the settings.
std::vector<ColumnOptions> read_column_options(base::Settings& settings);

}  // namespace drivers::tables
