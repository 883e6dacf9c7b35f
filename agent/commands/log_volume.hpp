#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace agent {

/// How much is logged: as the configuration says, or for a while as somebody asked.
class LogVolume {
  public:
    explicit LogVolume(base::LogLevel configured) { configure(configured); }

    /// The configuration says so; whatever was asked for ends.
    void configure(base::LogLevel level);

    /// From now on; only for that long when a time is given.
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
