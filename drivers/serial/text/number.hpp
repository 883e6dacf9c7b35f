#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace drivers::serial {

/// A number at the beginning of a text.
struct Number {
    double value = 0;       // Finite.
    double resolution = 1;  // The place of its last digit: 0.01 for "23.40".
    std::size_t length = 0;
};

/// Reads "23", "-0.5", "+3", ".5", "4e2" or, with a comma as the mark, "23,4"; the minus may be the
/// mathematical one. Nothing if no number begins here, or if it is out of range.
std::optional<Number> read_number(std::string_view text, char decimal_mark);

/// What to do about a number with a comma in it, where a point is the mark. `decimal` only where
/// the comma can be a decimal one: not in "1,234", "+0056,1" or "1,013.25".
std::string advice_on_comma(std::string_view written);

/// Whether a number begins here.
bool starts_number(std::string_view text, char decimal_mark);

/// The length of a word at the beginning for a number that the board does not have ("nan", "ovf");
/// 0 if there is none.
std::size_t missing_length(std::string_view text);

}  // namespace drivers::serial
