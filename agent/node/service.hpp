#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "broker/connection.hpp"
#include "wire/status.hpp"

namespace agent {

/// What a service may ask of the node it serves.
class ServedNode {
  public:
    virtual ~ServedNode() = default;

    /// Commits what is pending; the highest sequence number then.
    virtual base::Result<std::uint64_t> flush(base::Instant now) = 0;

    virtual wire::NodeStatus status() const = 0;

    /// Whether the centre has acknowledged records of ours since the start, and takes them still.
    virtual bool is_acknowledged() const = 0;
};

/// Something that a node does beside its readings: it hears messages and acts in its own time.
class Service {
  public:
    virtual ~Service() = default;

    /// A message of the node's subscriptions; false when it is none of this service's.
    virtual bool take(const broker::Message& message, ServedNode& node, base::Instant now) = 0;

    /// One bounded step, once a tick, after readings were collected.
    virtual void tick(ServedNode& node, base::Instant now) = 0;

    /// The node stops: say what is left to say.
    virtual void stop(base::Instant now) = 0;
};

}  // namespace agent
