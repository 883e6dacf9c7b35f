#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "wire/record.hpp"
#include "wire/status.hpp"

namespace views {

/// What a node says of itself in its status. Its will says only that it is lost.
struct NodeDetails {
    std::string version;
    std::uint64_t outbox_records = 0;
    wire::ClockState clock = wire::ClockState::synced;
    std::vector<std::string> alarms{};  // What is wrong with the node itself, now.
    std::vector<std::string> faults{};  // The last few failures, newest first: "climate: checksum".
    std::optional<base::EventTime> failed_at{};  // When it last told of one, if that is recent.

    friend bool operator==(const NodeDetails&, const NodeDetails&) = default;
};

/// What the broker knows of a node.
struct NodePresence {
    wire::NodeState state = wire::NodeState::init;
    std::optional<base::EventTime> since;  // Nothing when it was so before we listened.
    std::optional<NodeDetails> details;    // The last ones received.

    friend bool operator==(const NodePresence&, const NodePresence&) = default;
};

/// What the broker knows, by node name.
using NodePresences = std::map<std::string, NodePresence>;

}  // namespace views
