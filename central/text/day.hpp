#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace text {

/// Midnight of "2024-01-31", as if it were UTC; nothing when that is no day.
std::optional<base::EventTime> parse_day(std::string_view text);

/// The day of a time, as if it were UTC: "2024-01-31"; beyond 9999 with more digits.
std::string day_text(base::EventTime time);

}  // namespace text
