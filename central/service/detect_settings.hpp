#pragma once

#include "base/settings.hpp"
#include "central/engine/engine_options.hpp"
#include "central/pipeline/pipeline_options.hpp"

namespace central {

/// Reads [detect] and the [[limit]] tables into the options.
void read_detection(base::Settings& settings, engine::EngineOptions& engine,
                    PipelineOptions& pipeline);

}  // namespace central
