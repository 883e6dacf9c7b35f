#pragma once

namespace broker {

/// Switches Nagle's algorithm off (TCP_NODELAY, tcp(7)) on this process's TCP connections to that
/// port. Paho gives no access to its socket, and with Nagle a small message waits for the broker's
/// delayed acknowledgement of the one before: 40 ms after every few messages.
void send_without_delay(int port);

}  // namespace broker
