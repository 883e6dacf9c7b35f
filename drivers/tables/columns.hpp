#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/tables/column_options.hpp"

namespace drivers::tables {

/// Which field of a row holds which column. Indices from 0.
struct Columns {
    std::size_t fields = 0;           // How many a row must have.
    std::optional<std::size_t> time;  // None without a time column.
    std::vector<std::size_t> values;  // In the order of the configured columns.
};

/// The columns to find. Errors name the file; an empty time column means none.
struct WantedColumns {
    const std::string& file;
    const std::string& time;
    const std::vector<ColumnOptions>& values;
};

/// Finds the configured columns. `header` is empty when the file has none, `first_row` when there
/// is no row of data yet. When the first row has exactly one field more than the header, as R
/// writes it, the header is shifted by one: its first name belongs to the second field. When a
/// column is not found, the error is misconfigured and names those that exist, and the nearest.
base::Result<Columns> find_columns(const WantedColumns& wanted,
                                   const std::vector<std::string>& header,
                                   const std::vector<std::string>& first_row);

}  // namespace drivers::tables
