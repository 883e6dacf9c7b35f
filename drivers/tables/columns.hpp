#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// Which field of a row holds which column. Indices from 0.
struct Columns {
    std::size_t fields = 0;  // How many a row must have; 0 without a header.

    /// Of each of wanted_names(); none for one that the header does not have.
    std::vector<std::optional<std::size_t>> wanted;

    /// The least number of fields that holds every wanted one.
    std::size_t fields_least() const;
};

/// The names in a row that may be a header: as UTF-8, without blanks around them, empty ones at the
/// end, and the comment sign before the first.
std::vector<std::string> header_names(const TableOptions& options,
                                      const std::vector<std::string>& fields);

/// Finds the wanted columns. `header` is empty when the file has none. With `has_row_names` rows
/// begin with a field that the header does not name: its first name belongs to the second field.
/// When a column is not found, or its name stands twice, the error is misconfigured and says what
/// to write.
base::Result<Columns> find_columns(const TableOptions& options,
                                   const std::vector<std::string>& header, bool has_row_names);

/// The columns of a header in the middle of a file, which may lack some; one whose name stands
/// twice is none.
Columns columns_of_later_header(const TableOptions& options,
                                const std::vector<std::string>& header);

/// Whether a row in the middle of a file is a header: it has the name of the time, or those of all
/// values. Columns that go by number have no name.
bool is_header(const TableOptions& options, const std::vector<std::string>& names);

}  // namespace drivers::tables
