#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "central/views/node_presence.hpp"
#include "wire/topic.hpp"

namespace central {

struct PresenceOptions {
    std::string topic_root = "leat/v1";

    /// Nodes remembered; further ones are refused and counted.
    std::size_t nodes_max = 10'000;
};

/// What the nodes' retained status topics say. Only the broker's word: whether records arrive is
/// another matter and is never mixed in. Does no I/O.
class Presence {
  public:
    Presence(PresenceOptions options, base::Counters& counters);

    /// Takes a message of a status topic; the node's name when something changed. Counts what it
    /// cannot read.
    std::optional<std::string> observe(const broker::Message& message, base::EventTime now);

    const views::NodePresences& nodes() const { return nodes_; }

  private:
    std::optional<std::string> forget(const std::string& node);

    PresenceOptions options_;
    wire::Topics topics_;
    base::Counters& counters_;
    views::NodePresences nodes_;
};

}  // namespace central
