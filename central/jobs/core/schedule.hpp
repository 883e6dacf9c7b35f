#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/time_zone.hpp"

namespace jobs {

/// When a job is due: every so often, counted from 1970, or at a time of every so many days.
class Schedule {
  public:
    /// "15m", "6h", "1d at 02:00", "7d at 23:30"; times are those of the zone's clocks. Malformed,
    /// with what can be written, for anything else, and for less than a minute.
    static base::Result<Schedule> parse(const std::string& text,
                                        const drivers::tables::TimeZone& zone = {});

    /// The newest time at which it was due, up to `now`.
    base::EventTime last_due(base::EventTime now) const;

    /// The first time after `now` at which it will be.
    base::EventTime next_due(base::EventTime now) const;

    const std::string& text() const { return text_; }

  private:
    base::EventTime due_on(std::int64_t day) const;

    std::string text_;
    base::Duration every_{};
    std::optional<std::chrono::minutes> at_{};  // Of the day.
    drivers::tables::TimeZone zone_{};
};

}  // namespace jobs
