#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace drivers::tables {

/// How a column writes its times. Pure, and independent of locale and time zone of the machine.
class TimeFormat {
  public:
    /// "unix" (seconds, with or without a fraction), "unix_ms", "rfc3339" (also with a blank for
    /// the T and without a zone), or a pattern of strptime's letters Y m d e H I M S p y b j z T F
    /// D R %. S takes a fraction too; b is English; z is Z, +hh:mm or +hhmm. The detail says what
    /// is wrong.
    static base::Result<TimeFormat> parse(const std::string& text);

    /// Nothing when the text is no such time, or not in the years 1970 to 9999. Without a zone:
    /// UTC.
    std::optional<base::EventTime> read(std::string_view text) const;

  private:
    enum class Kind { unix_seconds, unix_milliseconds, rfc3339, pattern };

    TimeFormat(Kind kind, std::string pattern) : kind_(kind), pattern_(std::move(pattern)) {}

    Kind kind_;
    std::string pattern_;
};

}  // namespace drivers::tables
