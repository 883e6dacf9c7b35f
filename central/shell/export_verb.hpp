#pragma once

#include "central/shell/look_verb.hpp"
#include "program/command_line.hpp"

namespace shell {

/// The verb `export`: the single readings of series, however many, as CSV or as a line of JSON
/// each, to standard output or to a file, which appears when it is whole.
program::CommandVerb export_verb(const program::CommandOption& config, const Load& load,
                                 const base::Clock& clock);

}  // namespace shell
