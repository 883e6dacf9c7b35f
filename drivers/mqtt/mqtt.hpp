#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/mqtt/listener.hpp"

namespace broker {
class Connection;
}

namespace drivers::mqtt {

/// Devices that speak MQTT to a broker of theirs, as one sensor. A connection of its own, apart
/// from the node's uplink; what comes over it waits in the connection's bounded mailbox until
/// collect() has room for it.
class Driver final : public drivers::Driver {
  public:
    Driver(const Options& options, std::unique_ptr<broker::Connection> connection,
           base::Instant now);
    ~Driver() override;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    const std::vector<Quantity>& quantities() const override { return listener_.quantities(); }
    void trigger(base::Instant) override {}
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    void watch_connection(base::Instant now);
    void tell_dropped(base::Instant now);
    void fail(std::string reason, base::Instant now);

    Listener listener_;
    std::unique_ptr<broker::Connection> connection_;
    Pending pending_;
    base::Instant connected_;    // When it last was.
    std::string trouble_;        // What was told of a connection that is not there.
    std::uint64_t dropped_ = 0;  // What was told of messages that the connection lost.
    std::optional<base::Instant> dropped_told_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::mqtt
