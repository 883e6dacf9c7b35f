#pragma once

#include <string>

#include "base/settings.hpp"

namespace validation {

/// Which series a table of the configuration is for.
struct SeriesMatch {
    std::string match;     // Pattern of "node/series"; "*" when none is given.
    std::string quantity;  // Empty: any.
};

/// Reads `match` and `quantity`, and refuses a pattern that fits no series.
SeriesMatch read_series_match(base::Settings& settings);

}  // namespace validation
