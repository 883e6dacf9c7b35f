#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shell {

/// How many columns of a terminal a text takes; it must be printable.
std::size_t width_of(std::string_view text);

/// The text, or as much of it as fits into so many columns with "…" behind it.
std::string cut_to(std::string_view text, std::size_t width);

}  // namespace shell
