#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace base {

/// Tells systemd how the program is (sd_notify(3)): one datagram to NOTIFY_SOCKET. Does nothing
/// when the program was not started by systemd, and never fails: there is nobody else to tell.
class ServiceNotifier {
  public:
    /// Reads NOTIFY_SOCKET and WATCHDOG_USEC from the environment.
    ServiceNotifier();

    /// The program works from now on.
    void ready() { send("READY=1"); }

    /// The program is on its way out.
    void stopping() { send("STOPPING=1"); }

    /// One line for `systemctl status`.
    void status(std::string_view text);

    /// Call it from every tick: feeds the watchdog at a third of its time-out.
    void alive(Instant now);

  private:
    void send(std::string_view message) const;

    std::string socket_;
    Duration watchdog_interval_{0};  // Zero: no watchdog.
    std::optional<Instant> fed_;
};

}  // namespace base
