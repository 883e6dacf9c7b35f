#pragma once

#include "base/clock.hpp"
#include "central/service/config.hpp"

namespace central {

/// Tries the database, Redis, the broker and the port, and prints of each whether it is good and
/// what to do if not. Changes nothing. Gives whether everything was good.
bool check_everything(const Config& config, const base::Clock& clock);

}  // namespace central
