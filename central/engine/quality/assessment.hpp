#pragma once

#include <optional>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/engine/quality/causes.hpp"
#include "central/engine/quality/completeness.hpp"

namespace engine {

/// All that can be said of a window: how far it can be believed, how good it is, and why no better.
struct Assessment {
    Judgement judgement;
    std::optional<double> quality;
    std::vector<Cause> causes;
};

/// The one computation of it, from the window's row, its surroundings and its node.
Assessment assess(const WindowFacts& window, const SeriesRow& series,
                  const Circumstances& circumstances);

}  // namespace engine
