#pragma once

#include <string>

#include "program/command_line.hpp"

namespace program {

/// The script with which a shell ("bash", "zsh" or "fish") completes the program's command line:
/// verbs, options, the words that an option allows, otherwise files.
std::string completion_of(const CommandSpec& spec, const std::string& shell);

}  // namespace program
