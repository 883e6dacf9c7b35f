#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/detect/limits/limits.hpp"
#include "central/engine/watermark.hpp"
#include "central/validation/rules.hpp"
#include "wire/limits.hpp"

namespace engine {

/// Of which quantities single readings are kept beside their windows.
struct SingleOptions {
    bool is_default_kept = true;         // Of those that are not named.
    std::set<std::string> exceptions{};  // Quantities of which the contrary holds.

    bool keeps(const std::string& quantity) const {
        return is_default_kept != exceptions.contains(quantity);
    }
};

struct EngineOptions {
    /// Lengths of the windows, ascending; each divides the next. The shortest decides what is late.
    std::vector<base::Duration> spans{std::chrono::minutes{1}, std::chrono::minutes{15},
                                      std::chrono::hours{1}, std::chrono::hours{24}};

    /// Windows of this length and longer keep the distribution of their readings.
    base::Duration sketches_from = std::chrono::minutes{15};

    /// How long after its newest event time a node may still send older readings without their
    /// being late.
    base::Duration watermark_bound = kWatermarkBound;

    /// Readings that are further ahead of their arrival count, but never advance the watermark.
    base::Duration future_max = std::chrono::minutes{5};

    /// Whether the detectors judge windows; and what people allow of series.
    bool detection = true;
    validation::SeriesRules<detect::limits::Rule> limits{};

    /// Series of a node; readings of further ones go into quarantine.
    std::size_t series_per_node_max = wire::kSeriesPerNodeMax;

    /// Records of a node that wait for a clock record of their boot; further ones go into
    /// quarantine.
    std::size_t unplaced_per_node_max = 200'000;

    /// What readings must be like; those that are not are set aside.
    validation::Rules rules{};

    SingleOptions singles{};

    std::size_t rows_max = 100'000;  // Window rows kept between commits.
    std::size_t nodes_max = 50'000;  // Nodes kept between commits, each with its series.
};

/// Done, or what is wrong with the options (misconfigured).
base::Status check(const EngineOptions& options);

}  // namespace engine
