#pragma once

#include <string>

#include "base/result.hpp"
#include "broker/paho_connection.hpp"

namespace broker {

/// The parts of a broker's address. Accepted: tcp:// mqtt:// (port 1883) and ssl:// mqtts:// (port
/// 8883), a host name, an IPv4 address or an IPv6 address in brackets, and an optional port.
struct Address {
    bool tls = false;
    std::string host;
    int port = 1883;

    /// "host:port", for people.
    std::string text() const;
    /// "tcp://host:port" or "ssl://host:port", as Paho wants it.
    std::string uri() const;
};
base::Result<Address> parse_address(const std::string& text);

/// What Paho says about a failed attempt.
struct Refusal {
    int code = 0;  // The broker's reason code if >= 0x80, otherwise Paho's (negative).
    bool has_timed_out = false;
};

/// A sentence that says where and why, and what a person can do about it.
std::string explain_refusal(const PahoOptions& options, const Refusal& refusal);

/// The same for a connection that was lost; `reason` is the broker's code or 0.
std::string explain_loss(const PahoOptions& options, int reason);

/// "not authorized (0x87)"
std::string reason_text(int code);

}  // namespace broker
