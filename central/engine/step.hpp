#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "central/engine/arrival.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/roster.hpp"
#include "wire/record.hpp"

namespace engine {

/// One record on its way through the engine.
struct Step {
    const Arrival& arrival;
    Node& node;
    std::optional<base::EventTime> watermark;  // Before this record.
    std::optional<wire::Origin> origin;        // Under which its numbers count, after a fork.
    Outcome outcome;
    std::string refusals;

    void refuse(RefusalKind kind, const std::string& detail) {
        if (!outcome.refused) outcome.refused = kind;
        refusals += refusals.empty() ? detail : "; " + detail;
    }
};

}  // namespace engine
