#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace base {

/// Decides when a standing condition is worth a line in the log: at once when its text changes, and
/// again after `every` while it lasts. Writes nothing itself and asks no clock.
class Reminder {
  public:
    /// Without `every` a condition is due only when it changes.
    explicit Reminder(std::optional<Duration> every = std::nullopt) : every_(every) {}

    /// Whether `text` is due now; if so, it counts as said. An empty text means that all is well:
    /// it is due once, after a text that was not empty.
    bool is_due(std::string_view text, Instant now);

    /// What was said last; empty at the beginning and when all is well.
    const std::string& said() const { return said_; }

  private:
    std::optional<Duration> every_;
    std::string said_;
    Instant said_at_;
};

}  // namespace base
