#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

/// MQTT as leat uses it: an untrusted, lossy relay. A message that is accepted here may still be
/// lost anywhere; a caller that needs more has a protocol above it.
namespace broker {

struct Message {
    std::string topic;
    std::string payload;
    bool retained = false;
    base::Instant arrived{};  // Not when take() was called.
};

struct Outgoing {
    std::string topic;
    std::string payload;
    int qos = 1;
    bool retain = false;
    base::Duration expiry{};  // MQTT 5 message expiry, rounded up to whole seconds; 0: none.
};

/// A broker's reason codes (MQTT 5.0, section 2.4).
constexpr int kNotAuthorized = 0x87;
constexpr int kPacketTooLarge = 0x95;

/// No broker gets a larger payload from us, and none may send us one. A batch has 64 KiB at most.
constexpr std::size_t kPayloadMax = 255 * 1024;

/// One client's connection to a broker. Never blocks and never calls back: its owner polls it.
class Connection {
  public:
    virtual ~Connection() = default;

    /// One bounded step: connects, and reconnects with back-off. Call it often.
    virtual void tick(base::Instant now) = 0;

    /// 0 while there is no connection; otherwise a number that is new for every connection, so that
    /// the owner notices a reconnect between two ticks.
    virtual std::uint64_t session() const = 0;

    /// Transient if there is no connection, exhausted if too much is on its way already, malformed
    /// if the payload is larger than payload_max() allows.
    virtual base::Status publish(Outgoing message) = 0;

    /// The largest payload, in bytes, that the broker accepts on this topic, by its own word at the
    /// connect. It may still refuse a smaller one.
    virtual std::size_t payload_max(const std::string& topic) const {
        static_cast<void>(topic);
        return kPayloadMax;
    }

    /// Moves out the size, in bytes, of the smallest payload that the broker has refused as too
    /// large (MQTT reason 0x95) since the last call.
    virtual std::optional<std::size_t> take_too_large() { return std::nullopt; }

    /// Moves out the oldest message that has arrived for a subscription.
    virtual std::optional<Message> take() = 0;

    /// Why there is no connection, for people; empty when there is one.
    virtual std::string trouble() const { return {}; }

    /// The reason code with which the broker refused the last message on this topic that it
    /// answered in this session; 0 if it took it.
    virtual int refusal(const std::string& topic) const {
        static_cast<void>(topic);
        return 0;
    }

    /// Messages that the broker refused, for example by its access rules.
    virtual std::uint64_t refused() const { return 0; }

    /// Incoming messages that never reached take(), because it was not called often enough.
    virtual std::uint64_t dropped() const { return 0; }
};

}  // namespace broker
