#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/core/units.hpp"

namespace drivers::tables {

/// How the cells of a column are written.
struct CellFormat {
    bool decimal_comma = false;          // The decimal sign is a comma, and a point is refused.
    std::vector<std::string> missing{};  // Codes that stand for no value, as "-999".
    std::string unit{};                  // Of the column: a unit behind a number converts to it.
    Scale scale{};                       // Of a number without a unit behind it.
    std::string contradiction{};         // Why such a number is refused; empty: it is not.
};

/// What a text means where a number is expected.
struct Cell {
    enum class Kind {
        number,   // Finite.
        missing,  // Empty, a word like NA, NaN or unavailable, or a code: no value, and no fault.
        bad,
    };

    Kind kind = Kind::bad;
    double number = 0;
    std::string why{};  // Of a bad one, in words.
};

/// Spaces around the number do not count. Without a unit, or with "/", "true" and "on" are 1,
/// "false" and "off" 0; they are no temperature. Thousands are never grouped: "1,234" is refused,
/// whatever the decimal sign.
Cell read_cell(std::string_view text, const CellFormat& format);

/// Whether the text is one of the words that stand for no value, in any table.
bool is_missing_word(std::string_view text);

}  // namespace drivers::tables
