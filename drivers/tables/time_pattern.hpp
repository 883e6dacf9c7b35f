#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace drivers::tables {

/// Times are read from 1970 up to this one.
constexpr base::EventTime kTimesEnd{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

/// A time as it is written.
struct WrittenTime {
    base::EventTime at;     // With a zone the instant; else the local time, read as if it were UTC.
    bool has_zone = false;  // It says where it applies.
};

/// A pattern of strptime's letters Y m d e H I M S p y b B a A j z T F D R %, and Python's f behind
/// a second. S reads a fraction too; names are English; z is Z, +hh:mm or +hhmm. Pure, and
/// independent of the machine's locale and time zone.
class TimePattern {
  public:
    /// The error says which letter is not understood, or what is missing for an instant or stands
    /// twice: a date needs a year, a month and a day, %I needs %p.
    static base::Result<TimePattern> parse(const std::string& text);

    /// Nothing when the text does not fit, or is not in the years 1970 to 9999.
    std::optional<WrittenTime> read(std::string_view text) const;

    /// Whether it reads an hour: else all times of a day are the same.
    bool has_time_of_day() const;

    /// Whether its times name their zone.
    bool has_zone() const { return letters_.find("%z") != std::string::npos; }

  private:
    explicit TimePattern(std::string letters) : letters_(std::move(letters)) {}

    std::string letters_;  // Without T, F, D, R and f.
};

}  // namespace drivers::tables
