#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// One of the first rows under a header.
struct FirstRow {
    std::vector<std::string> fields;
    bool is_quoted = false;  // Its first field is.
};

/// How many rows show what the rows of a file are like.
constexpr std::size_t kFirstRowsMax = 5;

/// Whether each row begins with a name or a number of its own, which the header does not name, as R
/// writes it: each of the first rows has one field more than the header, and begins with a quoted
/// text that no other has, or they count up: 1, 2, 3. A decimal comma makes a row longer, too, and
/// is no such thing.
bool have_row_names(const TableOptions& options, const std::vector<std::string>& header,
                    const std::vector<FirstRow>& rows);

/// What to add to the words about a row with too many fields: whether decimal commas may have
/// split its numbers. Empty when they cannot have.
std::string decimal_hint(const TableOptions& options, std::size_t fields,
                         const std::vector<std::string>& row);

/// A date or a time: digits with signs between them, whatever letters follow.
bool looks_like_time(std::string_view text);

/// Whether a column is named like a time: "date", "Time (UTC)", "ts".
bool is_time_name(std::string_view name);

}  // namespace drivers::tables
