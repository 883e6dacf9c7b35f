#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "central/alerts/outputs/settings.hpp"

namespace alerts {

/// Told what came of trying one output.
using Report = std::function<void(bool is_good, const std::string& what)>;

/// Sends a test alert by every webhook and command, for real, and reports what came of it. Lasts
/// as long as their timeouts at most. Returns whether all is good.
bool try_exits(const ExitOptions& options, const base::Clock& clock, const Report& report);

}  // namespace alerts
