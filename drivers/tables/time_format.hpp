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
    /// "unix" (seconds since 1970), "unix_ms", "unix_us" or "unix_ns", each with or without a
    /// fraction, "excel" (days since 1899-12-30, local), "rfc3339" (a space for the T and a missing
    /// zone will do), or a pattern. The detail says what is wrong.
    static base::Result<TimeFormat> parse(const std::string& text);

    /// Nothing when the text is not such a time, or not in the years 1970 to 9999. Without a zone:
    /// UTC.
    std::optional<base::EventTime> read(std::string_view text) const;

    /// The same, as it is written: a time without a zone may be a local one.
    std::optional<WrittenTime> read_written(std::string_view text) const;

    /// What to write when the text is a time in another format that is surely meant: "unix" for
    /// 1423051200 as "unix_ms", which would be in January 1970. Else empty.
    std::string_view meant_by(std::string_view text) const;

    /// Whether its times may lack a zone, and so be local ones.
    bool is_local() const { return is_days_ || is_rfc3339_ || (pattern_ && !pattern_->has_zone()); }

    /// Whether it reads an hour: else all times of a day are the same.
    bool has_time_of_day() const { return !pattern_ || pattern_->has_time_of_day(); }

  private:
    TimeFormat(double units_a_second, std::optional<TimePattern> pattern, bool is_rfc3339 = false)
        : units_a_second_(units_a_second), pattern_(std::move(pattern)), is_rfc3339_(is_rfc3339) {}

    std::optional<WrittenTime> read_days(double days) const;

    double units_a_second_;               // Of a number since 1970; 0 with a pattern.
    std::optional<TimePattern> pattern_;  // Of rfc3339 and of a pattern.
    bool is_rfc3339_;
    bool is_days_ = false;  // Excel's.
};

}  // namespace drivers::tables
