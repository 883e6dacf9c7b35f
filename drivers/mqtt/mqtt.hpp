#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reminder.hpp"
#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/mqtt/listener.hpp"

namespace broker {
class Connection;
}

namespace drivers::mqtt {

/// Devices that speak MQTT to their own broker, as one sensor. Has a connection of its own,
/// separate from the node's uplink; messages wait in the connection's bounded mailbox until
/// collect() has room for them.
class Driver final : public drivers::Driver {
  public:
    /// `names` is the position of the last committed harvest: the names of the quantities.
    Driver(const Options& options, std::unique_ptr<broker::Connection> connection,
           base::Instant now, std::string_view names = {});
    ~Driver() override;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    const std::vector<Quantity>& quantities() const override { return listener_.quantities(); }
    void trigger(base::Instant) override {}
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    void watch_connection(base::Instant now);
    void report_dropped(base::Instant now);
    void fail(std::string reason, base::Instant now);

    Listener listener_;
    std::unique_ptr<broker::Connection> connection_;
    Pending pending_;
    base::Instant connected_;    // When it last was.
    base::Reminder trouble_;     // Why there is no connection.
    std::uint64_t dropped_ = 0;  // Messages that the connection lost, as last reported.
    std::optional<base::Instant> dropped_reported_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::mqtt
