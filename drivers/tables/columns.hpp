#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/tables/column_options.hpp"

namespace drivers::tables {

/// Which fields of a row are what. Indices from 0.
struct Columns {
    std::size_t fields = 0;           // How many a row must have.
    std::optional<std::size_t> time;  // None without a time column.
    std::vector<std::size_t> values;  // In the order of the configured columns.
};

/// What is looked for: `file` is named in what is said about it, and an empty time column is none.
struct WantedColumns {
    const std::string& file;
    const std::string& time;
    const std::vector<ColumnOptions>& values;
};

/// Finds the configured columns. `header` is empty when the file has none; `first_row` is empty
/// when there is no row of data yet. When the first row has exactly one field more than the header,
/// as R writes it, the header is shifted by one: its first name belongs to the second field.
/// Misconfigured, naming the columns that exist and the nearest, when one is not found.
base::Result<Columns> find_columns(const WantedColumns& wanted,
                                   const std::vector<std::string>& header,
                                   const std::vector<std::string>& first_row);

}  // namespace drivers::tables
