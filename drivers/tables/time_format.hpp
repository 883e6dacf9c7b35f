#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/time_pattern.hpp"

namespace drivers::tables {

/// How a column writes its times. Pure, and independent of the machine's locale and time zone.
class TimeFormat {
  public:
    /// "unix" (seconds, with or without a fraction), "unix_ms", "rfc3339" (a space for the T and a
    /// missing zone will do), or a pattern. The detail says what is wrong.
    static base::Result<TimeFormat> parse(const std::string& text);

    /// Nothing when the text is not such a time, or not in the years 1970 to 9999. Without a zone:
    /// UTC.
    std::optional<base::EventTime> read(std::string_view text) const;

  private:
    enum class Kind { unix_seconds, unix_milliseconds, rfc3339, pattern };

    TimeFormat(Kind kind, std::optional<TimePattern> pattern)
        : kind_(kind), pattern_(std::move(pattern)) {}

    Kind kind_;
    std::optional<TimePattern> pattern_;  // Of rfc3339 and of a pattern.
};

}  // namespace drivers::tables
