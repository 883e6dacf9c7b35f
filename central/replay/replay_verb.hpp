#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/engine_options.hpp"
#include "central/shell/look_verb.hpp"
#include "program/command_line.hpp"

namespace replay {

/// What the verb needs of a configuration.
struct Source {
    shell::Source look;
    engine::EngineOptions engine;
};

using Load = std::function<base::Result<Source>(const std::string& file)>;

/// The verb `replay`: what a changed configuration would have changed. `config` is the option that
/// names the changed file; its default is the file that holds now. Only reads.
program::CommandVerb replay_verb(const program::CommandOption& config, const Load& load,
                                 const base::Clock& clock);

}  // namespace replay
