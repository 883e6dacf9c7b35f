#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/retention/keep.hpp"
#include "central/retention/old_windows.hpp"
#include "central/sinks/tables/horizons/kept_windows.hpp"
#include "central/sinks/tables/readings/kept_readings.hpp"

namespace retention {

struct RetentionOptions {
    KeepReadings keep{};
    KeepWindows keep_windows{};

    /// How often it looks for what is too old. What is found goes without a pause.
    base::Duration every = std::chrono::minutes{15};

    /// Series looked at, and blocks or windows removed, in a step.
    std::size_t series_max = 500;
    std::size_t blocks_max = 2'000;
    std::size_t windows_max = 2'000;
};

/// Removes single readings that are too old, and windows. What is old is told by our clock,
/// but never later than the newest record came to the bridge: a clock that jumped ahead removes
/// nothing, and where no records come nothing goes. Where both clocks say that more than a week has
/// passed since the last time, it waits for a day before it believes them.
class Retention {
  public:
    Retention(sinks::KeptReadings& readings, sinks::KeptWindows& windows, base::Counters& counters,
              RetentionOptions options = {});

    /// One bounded step. Call it when there is nothing more urgent. True when there is more to do
    /// at once.
    bool tick(base::Instant now, base::EventTime time);

  private:
    base::Result<bool> step(base::Instant now, base::EventTime time);
    base::Result<bool> remove_month(base::EventTime now);
    base::Result<bool> remove_readings(base::EventTime now);
    base::Result<std::optional<base::EventTime>> begin_round(base::Instant now,
                                                             base::EventTime time);
    bool is_believed(base::Instant now, base::EventTime time,
                     const std::optional<base::EventTime>& last);

    sinks::KeptReadings& readings_;
    RetentionOptions options_;
    OldWindows windows_;
    base::Counter& removed_;
    base::Counter& failures_;
    bool are_months_gone_ = false;          // Those that are too old as a whole, in this round.
    bool are_readings_gone_ = false;        // Those that are too old, in this round.
    std::int64_t after_ = 0;                // The series after which the next step goes on.
    std::optional<base::EventTime> now_{};  // Of this round.
    std::optional<base::Instant> doubted_since_{};
    base::Instant resume_at_{};
};

}  // namespace retention
