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
    std::optional<std::uint64_t> disk_days_left{};  // Until its card is worn out, if it knows.

    friend bool operator==(const NodeDetails&, const NodeDetails&) = default;
};

/// What only shows over a time, or in many records. Each is nothing when it is not so.
struct NodeSigns {
    std::optional<base::EventTime> silent_since{};   // No record, though some were due.
    std::optional<base::EventTime> doubled_since{};  // Two nodes seem to have its name.
    std::optional<base::EventTime> outbox_grows_since{};
    std::optional<base::EventTime> refused_since{};  // Ever more of its records are set aside,
    std::string refused{};                           // the last for this reason.

    friend bool operator==(const NodeSigns&, const NodeSigns&) = default;
};

/// What the broker knows of a node, and what central noticed of it.
struct NodePresence {
    wire::NodeState state = wire::NodeState::init;
    std::optional<base::EventTime> since;  // Nothing when it was so before we listened.
    std::optional<NodeDetails> details;    // The last ones received.
    NodeSigns signs{};

    friend bool operator==(const NodePresence&, const NodePresence&) = default;
};

/// What the broker knows, by node name.
using NodePresences = std::map<std::string, NodePresence>;

}  // namespace views
