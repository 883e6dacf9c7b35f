#pragma once

#include <string_view>
#include <vector>

/// The parts of a column's name.
namespace drivers::tables {

/// The texts in brackets, from left to right.
std::vector<std::string_view> in_brackets(std::string_view name);

/// What stands before the first bracket.
std::string_view before_brackets(std::string_view name);

}  // namespace drivers::tables
