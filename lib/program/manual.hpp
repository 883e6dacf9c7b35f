#pragma once

#include <string>

#include "program/command_line.hpp"

namespace program {

/// The program's manual page, section 1, as roff (man macros, ASCII only), for `man` and the
/// package.
std::string manual_page(const CommandSpec& spec);

}  // namespace program
