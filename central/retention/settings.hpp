#pragma once

#include "base/settings.hpp"
#include "central/retention/keep.hpp"

namespace retention {

/// Reads [readings]: `keep` ("30d", "forever" or "off"), and the same for each quantity in
/// [readings.quantities].
KeepReadings read_keep(base::Settings settings);

}  // namespace retention
