#pragma once

#include "base/settings.hpp"
#include "central/engine/engine_options.hpp"

namespace central {

/// Reads [detect] and the [[limit]] tables into the engine's options.
void read_detection(base::Settings& settings, engine::EngineOptions& engine);

}  // namespace central
