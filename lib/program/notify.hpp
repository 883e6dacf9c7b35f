#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace program {

/// Reports the program's state to systemd (sd_notify(3)): each call is one datagram to
/// NOTIFY_SOCKET. Does nothing if systemd did not start the program, and never fails: there is
/// nobody to report to.
class ServiceNotifier {
  public:
    /// Reads NOTIFY_SOCKET and WATCHDOG_USEC from the environment.
    ServiceNotifier();

    void ready() { send("READY=1"); }

    void stopping() { send("STOPPING=1"); }

    /// One line for `systemctl status`.
    void status(std::string_view text);

    /// Feeds the watchdog at a third of its time-out. Call it in every tick.
    void alive(base::Instant now);

  private:
    void send(std::string_view message) const;

    std::string socket_;
    base::Duration watchdog_interval_{0};  // Zero: no watchdog.
    std::optional<base::Instant> fed_;
};

}  // namespace program
