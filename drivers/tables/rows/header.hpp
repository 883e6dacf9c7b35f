#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/tables/columns.hpp"
#include "drivers/tables/rows/writing.hpp"

namespace drivers::tables {

/// The row that names the columns of a CSV file, and what comes before it.
struct Header {
    std::vector<std::string> names;  // Empty without a header.
    std::string text;                // The row as it stands in the file, without its newline.
    std::size_t begin = 0;           // Where the row begins,
    std::size_t end = 0;             // and where the first row of data does: bytes of the file.
    std::size_t lines = 0;           // How many lines end before `end`.
    std::size_t lines_before = 0;    // Title lines and comments, without blank lines.
    bool is_settled = false;         // What follows it shows how many fields a row has.
    bool has_looked_below = false;   // Lines of units right under it are part of `writing`.
    Columns columns;
    Writing writing;
};

/// How many bytes of a file's beginning are searched for its header.
constexpr std::size_t kHeaderBytesMax = 64 * 1024;

/// Finds the header in the first bytes of a file, at most kHeaderBytesMax and one row: the first
/// row that has all wanted columns. Title lines and comments may come before it. Misconfigured when
/// there is none, with what the likeliest row has instead, and when what it says contradicts the
/// configuration.
base::Result<Header> find_header(const TableOptions& options, std::string_view bytes);

/// The header that a file without one has: none, and columns by number.
base::Result<Header> no_header(const TableOptions& options, std::string_view bytes);

/// A header in the middle of a file, from the bytes that begin with it.
Header later_header(const TableOptions& options, std::string_view bytes);

}  // namespace drivers::tables
