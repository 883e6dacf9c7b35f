#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace agent {

/// How much is logged: what the configuration says, or for a while what somebody asked for.
class LogVolume {
  public:
    explicit LogVolume(base::LogLevel configured) { configure(configured); }

    /// The configuration was read; ends what was asked for.
    void configure(base::LogLevel level);

    /// From now on, and for that long when a time is given.
    void set(base::LogLevel level, std::optional<base::Duration> lasting, base::Instant now);

    /// Goes back when the time is over.
    void tick(base::Instant now);

    base::LogLevel level() const { return level_; }

  private:
    void apply(base::LogLevel level);

    base::LogLevel configured_ = base::LogLevel::info;
    base::LogLevel level_ = base::LogLevel::info;
    std::optional<base::Instant> until_;
};

}  // namespace agent
