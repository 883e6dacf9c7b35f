#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// Reads a time in a query: milliseconds since 1970 ("1763640000000"), RFC 3339 with an offset
/// ("2026-11-20T08:31:00+01:00"; seconds may be left out), a time ago ("-6h", "-90s", "-7d") or
/// "now". Malformed for anything else, and for times outside 1970 … 9999.
base::Result<base::EventTime> parse_time(std::string_view text, base::EventTime now);

/// Reads a parameter that is a time; leaves `time` as it is when there is none. A problem when it
/// is no time.
std::optional<http::Problem> read_time(const http::Target& target, const char* name,
                                       base::EventTime now, base::EventTime& time);

}  // namespace api
