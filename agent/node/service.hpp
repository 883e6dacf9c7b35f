#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "broker/connection.hpp"
#include "wire/status.hpp"

namespace agent {

/// What a service may ask of its node.
class ServedNode {
  public:
    virtual ~ServedNode() = default;

    /// Commits what is pending and gives the highest sequence number after that.
    virtual base::Result<std::uint64_t> flush(base::Instant now) = 0;

    virtual wire::NodeStatus status() const = 0;

    /// Whether the centre has acknowledged records of ours since the start, and still accepts them.
    virtual bool is_acknowledged() const = 0;
};

/// A task of the node other than its readings: it accepts messages and acts at its own pace.
class Service {
  public:
    virtual ~Service() = default;

    /// A message of the node's subscriptions; false when it is not for this service.
    virtual bool accept(const broker::Message& message, ServedNode& node, base::Instant now) = 0;

    /// One bounded step, once a tick, after readings have been collected.
    virtual void tick(ServedNode& node, base::Instant now) = 0;

    /// The node stops: the last chance to publish anything.
    virtual void stop(base::Instant now) = 0;
};

}  // namespace agent
