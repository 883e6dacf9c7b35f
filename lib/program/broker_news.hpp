#pragma once

#include <string>

#include "base/reminder.hpp"
#include "broker/connection.hpp"

namespace program {

/// Reports in the log that the broker is ready, or why it is not: at every change, and once a
/// minute while it is away. The state at the beginning is not a change, so it is not reported at
/// once.
class BrokerNews {
  public:
    BrokerNews(const broker::Connection& connection, std::string address, base::Instant now);

    /// Call it in every tick.
    void tick(base::Instant now);

  private:
    const broker::Connection& connection_;
    std::string address_;
    base::Reminder reminder_;
};

}  // namespace program
