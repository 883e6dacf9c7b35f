#pragma once

#include <string_view>

namespace drivers::tables {

/// What a text says where a number is expected.
struct Cell {
    enum class Kind {
        number,   // Finite.
        missing,  // Empty, or NA, N/A, NaN, null: there is nothing, and that is no fault.
        bad,
    };

    Kind kind = Kind::bad;
    double number = 0;
};

/// Blanks around it do not count. A decimal point, never a comma.
Cell read_cell(std::string_view text);

}  // namespace drivers::tables
