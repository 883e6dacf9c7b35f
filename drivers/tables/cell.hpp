#pragma once

#include <string_view>

namespace drivers::tables {

/// What a text means where a number is expected.
struct Cell {
    enum class Kind {
        number,   // Finite.
        missing,  // Empty, or NA, N/A, NaN, null: no value, which is not a fault.
        bad,
    };

    Kind kind = Kind::bad;
    double number = 0;
};

/// Spaces around the number do not count. The decimal sign is a point, never a comma.
Cell read_cell(std::string_view text);

}  // namespace drivers::tables
