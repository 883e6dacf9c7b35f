#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/retention/keep.hpp"
#include "central/sinks/tables/horizons/kept_windows.hpp"

namespace retention {

/// Gives up windows that are too old, by whole days of UTC, and removes them in bounded steps.
class OldWindows {
  public:
    /// Removes at most `windows_max` in a step.
    OldWindows(sinks::KeptWindows& windows, base::Counters& counters, KeepWindows keep,
               std::size_t windows_max);

    /// The next step of a round at that time. True when there is more in this round.
    base::Result<bool> step(base::EventTime now);

    /// The next step begins a round.
    void begin();

  private:
    sinks::KeptWindows& windows_;
    KeepWindows keep_;
    std::size_t windows_max_;
    base::Counter& removed_;
    KeepWindows::const_iterator length_;  // Whose turn it is.
    bool is_given_up_ = false;            // The windows of that length that are too old.
    std::int64_t series_ = 0;             // Where the step goes on.
};

}  // namespace retention
