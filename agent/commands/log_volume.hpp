#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace agent {

/// Chooses the log level: the configured one, or for a while one that a command has set.
class LogVolume {
  public:
    explicit LogVolume(base::LogLevel configured) { configure(configured); }

    /// Sets the configured level, and ends one that a command has set.
    void configure(base::LogLevel level);

    /// Sets a level for `lasting`, or without it until the next call.
    void set(base::LogLevel level, std::optional<base::Duration> lasting, base::Instant now);

    /// Goes back to the configured level when the time is up.
    void tick(base::Instant now);

    base::LogLevel level() const { return level_; }

  private:
    void apply(base::LogLevel level);

    base::LogLevel configured_ = base::LogLevel::info;
    base::LogLevel level_ = base::LogLevel::info;
    std::optional<base::Instant> until_;
};

}  // namespace agent
