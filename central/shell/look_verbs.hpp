#pragma once

#include <vector>

#include "base/clock.hpp"
#include "central/shell/look_verb.hpp"
#include "program/command_line.hpp"

namespace shell {

/// The verbs that show what is in the database, to people, spreadsheets and programs. They only
/// read, beside a central that runs or without one. `config` is the option that names the
/// configuration.
std::vector<program::CommandVerb> look_verbs(const program::CommandOption& config, const Load& load,
                                             const base::Clock& clock);

}  // namespace shell
