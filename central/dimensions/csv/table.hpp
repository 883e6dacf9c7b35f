#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "central/dimensions/statement.hpp"

/// What an operator says of series and tags, as a table with a header. Pure: no I/O.
namespace dimensions::csv {

constexpr std::size_t kTableBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kTableRowsMax = 100'000;

/// One of the two is empty.
struct Table {
    std::vector<Statement> statements;  // All of them imported.
    std::vector<TagMeaning> meanings;
};

/// Reads the table. The header decides: with a column `node` it says where series are, and has
/// `location` or `tags` or both, and perhaps `series`; with a column `tag` it says what tags mean.
/// Both may have `valid_from` and `valid_to`. Malformed with every mistake, one a line, each with
/// the number of its line: then nothing of the table may be used.
base::Result<Table> read_table(std::string_view bytes);

}  // namespace dimensions::csv
