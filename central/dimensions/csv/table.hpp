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

struct GoodPart {
    Table table;
    std::string mistakes;      // As read_table() tells them; empty: there are none.
    std::size_t left_out = 0;  // Nodes, or tags.
};

/// The same, but what a table says of a node or of a tag is left out as a whole where one of its
/// rows is wrong, and the rest may be used. Malformed where nobody knows what a wrong row is about.
base::Result<GoodPart> read_good_part(std::string_view bytes);

}  // namespace dimensions::csv
