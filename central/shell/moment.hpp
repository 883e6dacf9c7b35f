#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/time_zone.hpp"

namespace shell {

/// Reads a time as a person writes it: as the API reads one, and by the clocks of the zone "today"
/// and "yesterday" (their beginning), "2026-11-20" and "2026-11-20 08:31". Misused, with what
/// can be written, for anything else.
base::Result<base::EventTime> parse_moment(const std::string& text, base::EventTime now,
                                           const drivers::tables::TimeZone& zone);

}  // namespace shell
