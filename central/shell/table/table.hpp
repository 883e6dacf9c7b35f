#pragma once

#include <string>
#include <utility>
#include <vector>

#include "central/shell/table/cell.hpp"

namespace shell {

struct Column {
    /// For programs, as the API calls it; empty: it is for people only. "last_stored.at" is the
    /// member "at" of an object "last_stored" in JSON, which must stand beside its other members.
    std::string name;

    std::string title;      // For people; empty: it is for programs only.
    bool is_rare = false;   // People see it only when a row has something in it.
    bool is_prose = false;  // Sentences: nothing is said where there are none.
};

using Row = std::vector<Cell>;

/// Rows under a header, of which each output shows what its readers need. Prints nothing.
struct Table {
    std::vector<std::string> heading{};                 // Lines for people, above all.
    std::vector<std::pair<std::string, Cell>> facts{};  // Members of the JSON before the items.
    std::vector<Column> columns;
    std::vector<Row> rows{};
    std::vector<std::string> notes{};  // Lines for people below the rows, too long for a column.
    std::string when_empty{};          // A sentence for people when there are no rows.
    std::string remark{};              // What people must know of what is not shown.
};

}  // namespace shell
