#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "broker/connection.hpp"

namespace broker {

/// How large a message the broker accepts: what it says at the connect, and what it has refused.
/// Sizes are in bytes.
class SizeLimits {
  public:
    /// A new connection; a broker need not say a limit of its packets.
    void begin_session(std::optional<std::uint32_t> packet_max) {
        packet_max_ = packet_max;
        largest_ = 0;
    }

    /// The largest payload on this topic, see Connection::payload_max().
    std::size_t payload_max(const std::string& topic) const;

    /// Whether it was the broker that said it.
    bool are_told() const { return packet_max_.has_value(); }

    void note_published(std::size_t bytes);

    /// The broker refused a payload of so many bytes. May be called from any thread.
    void note_too_large(std::size_t bytes);

    /// The broker closed the connection because a message was too large: it does not say which.
    void note_largest_too_large() { note_too_large(largest_); }

    /// See Connection::take_too_large().
    std::optional<std::size_t> take_too_large();

  private:
    std::optional<std::uint32_t> packet_max_;
    std::size_t largest_ = 0;                // Payload of this session.
    std::atomic<std::size_t> too_large_{0};  // 0: none was refused.
};

}  // namespace broker
