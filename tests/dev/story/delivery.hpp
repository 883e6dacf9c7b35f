#pragma once

#include "base/counters.hpp"
#include "broker/paho_connection.hpp"
#include "delivery/uplink/uplink.hpp"
#include "dev/story/past_node.hpp"

namespace story {

/// Sends what is in the outbox of a node, over the real broker, with the agent's own uplink.
class Delivery {
  public:
    Delivery(PastNode& node, const base::Clock& clock);

    void tick(base::Instant now);

    /// The centre's database has everything.
    bool is_done() const { return uplink_.applied() >= node_.outbox().extent().head; }

    /// Why not, for people.
    std::string trouble() const;

  private:
    PastNode& node_;
    base::Counters counters_;
    broker::PahoConnection connection_;
    delivery::Uplink uplink_;
};

}  // namespace story
