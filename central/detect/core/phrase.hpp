#pragma once

#include <string>

#include "base/clock.hpp"

/// How findings put numbers to people.
namespace detect {

/// A value with its unit as people write it: "41.0 °C", "0.25 m". Three or four digits.
std::string value_text(double value, const std::string& unit);

/// The time of the day in UTC: "12:02 UTC".
std::string clock_text(base::EventTime at);

/// The day and the time in UTC: "14 Nov 12:02 UTC".
std::string time_text(base::EventTime at);

/// How long, in one unit or two: "45 s", "14 min", "3 h 10 min", "2 d 4 h".
std::string length_text(base::Duration length);

}  // namespace detect
