#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "broker/connection.hpp"

namespace central {

/// Whether the broker works, and not only whether there is a connection: one that is frozen keeps
/// its connections, and confirms nothing of what is published.
class BrokerPulse {
  public:
    /// `unconfirmed`: publishes that the broker has not confirmed yet. Time in which nobody looked,
    /// as while central waits for Redis, is not held against the broker.
    void observe(const broker::Connection& connection, std::size_t unconfirmed, base::Instant now);

    /// Done, or why the broker does not work.
    const base::Status& status() const { return status_; }

    /// Whether everything published was confirmed: only then does a silence of others mean
    /// anything.
    bool is_sure() const { return status_ && !unconfirmed_since_; }

  private:
    std::optional<base::Instant> unconfirmed_since_;
    std::optional<base::Instant> observed_at_;
    base::Status status_ = base::Done{};
};

}  // namespace central
