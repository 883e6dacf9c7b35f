#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "central/engine/engine_options.hpp"
#include "central/sinks/sink_options.hpp"
#include "program/command_line.hpp"

namespace quarantine {

/// What the verb needs of the configuration.
struct Options {
    sinks::SinkOptions sink;
    engine::EngineOptions engine;
};

using Load = std::function<base::Result<Options>(const std::string& file)>;

/// Whether a person agrees to what the question says.
using Agree = std::function<bool(const std::string& question)>;

/// The verb `quarantine list|show|replay|drop`. The first two only read; the others need the
/// database for themselves, so that no central may run with it.
program::CommandVerb quarantine_verb(const program::CommandOption& config, Load load, Agree agree);

}  // namespace quarantine
