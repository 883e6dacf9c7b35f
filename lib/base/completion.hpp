#pragma once

#include <string>

#include "base/command_line.hpp"

namespace base {

/// The script with which a shell ("bash", "zsh" or "fish") completes the program's command line:
/// verbs, options, the words that an option allows, else files.
std::string completion_of(const CommandSpec& spec, const std::string& shell);

}  // namespace base
