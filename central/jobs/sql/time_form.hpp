#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "odbc/value.hpp"

namespace jobs {

/// How a time stands in a table of others; always UTC, and in order of time.
enum class TimeForm {
    timestamp,     // As the server's own type, without a zone.
    milliseconds,  // Since 1970.
    text,          // 2026-11-29T18:30:00.000Z
};

/// "timestamp", "milliseconds", "text".
const std::vector<std::string>& time_forms();
std::optional<TimeForm> parse_time_form(std::string_view word);

odbc::Column column_of(TimeForm form);

/// Nothing for a time that some server cannot hold: before the year 1000 or after 9999.
std::optional<odbc::Value> value_of(TimeForm form, base::EventTime time);

/// The time of a cell; nothing when it holds none.
std::optional<base::EventTime> time_of(const odbc::Value& value);

}  // namespace jobs
