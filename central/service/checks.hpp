#pragma once

#include "base/clock.hpp"
#include "central/service/config.hpp"

namespace central {

/// Tries the database, Redis, the broker and the port, sends a test alert by every webhook and
/// command, and prints for each whether it is good, and if not, what to do. Changes nothing here.
/// Returns whether everything is good.
bool check_everything(const Config& config, const base::Clock& clock);

}  // namespace central
