#pragma once

#include <string>

#include "base/result.hpp"
#include "broker/finding.hpp"
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

/// A sentence that says why the broker refused us, and what a person can do about it. `code` is its
/// reason code, 0x80 or more.
std::string explain_refusal(const PahoOptions& options, int code);

/// The same for an attempt that never came as far as that.
std::string explain_obstacle(const PahoOptions& options, const Finding& finding);

/// The same for a connection that was lost; `reason` is the broker's code or 0.
std::string explain_loss(const PahoOptions& options, int reason);

/// "not authorized (0x87)"
std::string reason_text(int code);

}  // namespace broker
