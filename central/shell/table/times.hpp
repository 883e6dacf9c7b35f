#pragma once

#include <string>

#include "base/clock.hpp"
#include "drivers/tables/time_zone.hpp"

namespace shell {

/// "2026-11-20T08:31:00.000Z", or "…+01:00" elsewhere (RFC 3339).
std::string time_text(base::EventTime time, const drivers::tables::TimeZone& zone);

/// The same for people: with a blank, and without milliseconds that are 0. As RFC 3339 allows that,
/// it can be pasted wherever a time is asked for.
std::string short_time_text(base::EventTime time, const drivers::tables::TimeZone& zone);

/// "20s", "15m", "7d": in the largest unit that keeps it whole, as it is written in a request.
std::string length_text(base::Duration length);

/// "3 min": in the largest unit of which there are two, or "0 s".
std::string rough_text(base::Duration length);

/// "3 min ago", "in 3 min".
std::string age_text(base::EventTime time, base::EventTime now);

}  // namespace shell
