#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "central/engine/engine_options.hpp"
#include "central/sinks/sink.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"

namespace quarantine {

struct Replayed {
    std::uint64_t taken = 0;     // Records of which something counts now that did not.
    std::uint64_t readings = 0;  // That count now.
};

/// Takes the records that are meant under the options of now: what passes counts and leaves the
/// quarantine, in one transaction with its windows; the rest stays. It can be broken off at any
/// point and begun again. No central may run with the sink.
base::Result<Replayed> replay(sinks::Sink& sink, const engine::EngineOptions& options,
                              const sinks::QuarantineSelection& which);

}  // namespace quarantine
