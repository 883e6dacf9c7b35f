#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/settings.hpp"
#include "central/retention/keep.hpp"

namespace retention {

/// Reads [readings]: `keep` ("30d", "forever" or "off"), and the same for each quantity in
/// [readings.quantities].
KeepReadings read_keep(base::Settings settings);

/// Reads [windows.keep]: by the name of a length, as in [windows] `lengths`, how long windows of it
/// are kept ("90d" or "forever"). A longer length is kept at least as long as a shorter one.
KeepWindows read_keep_windows(base::Settings settings, const std::vector<base::Duration>& spans);

}  // namespace retention
