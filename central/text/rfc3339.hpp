#pragma once

#include <string>

#include "base/clock.hpp"
#include "drivers/tables/time_zone.hpp"

namespace text {

/// "2026-11-20T08:31:00.000Z", or "…+01:00" elsewhere (RFC 3339). Years beyond 9999 have more
/// digits, which that does not know.
std::string rfc3339(base::EventTime time, const drivers::tables::TimeZone& zone = {});

/// "20251120T120000Z": sorts as time does, and no system refuses it in the name of a file.
std::string file_stamp(base::EventTime time);

/// The same for people: with a blank, and without milliseconds that are 0. As RFC 3339 allows that,
/// it can be pasted wherever a time is asked for.
std::string short_rfc3339(base::EventTime time, const drivers::tables::TimeZone& zone);

}  // namespace text
