#pragma once

#include <string>

#include "base/clock.hpp"

namespace shell {

/// "20s", "15m", "7d": in the largest unit that keeps it whole, as it is written in a request.
std::string length_text(base::Duration length);

/// "3 min": in the largest unit of which there are two, or "0 s".
std::string rough_text(base::Duration length);

/// "3 min ago", "in 3 min".
std::string age_text(base::EventTime time, base::EventTime now);

}  // namespace shell
