#pragma once

#include <cstddef>
#include <optional>

namespace shell {

/// How many columns the terminal has to which standard output goes; nothing when it goes elsewhere.
std::optional<std::size_t> terminal_width();

}  // namespace shell
