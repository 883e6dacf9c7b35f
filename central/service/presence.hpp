#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "central/views/node_presence.hpp"
#include "wire/status.hpp"
#include "wire/topic.hpp"

namespace central {

struct PresenceOptions {
    std::string topic_root = "leat/v1";

    /// Nodes that are kept; more are refused and counted.
    std::size_t nodes_max = 10'000;

    /// Nodes that are kept although they never sent a record: the newest, as anybody may invent
    /// names.
    std::size_t strangers_max = 100;

    /// How long a failure that a node told of is recent.
    base::Duration failing_for = std::chrono::minutes{10};
};

/// What the nodes' retained status topics say, according to the broker. Whether records arrive is a
/// separate fact and is never mixed in. Does no I/O.
class Presence {
  public:
    Presence(PresenceOptions options, base::Counters& counters);

    /// Accepts a message of a status topic, and counts one that it cannot read. Gives the names of
    /// which something changed: the node's, and that of a stranger that made room for it.
    std::vector<std::string> accept(const broker::Message& message, base::EventTime now);

    /// The node has sent a record: it is no stranger.
    void know(const std::string& node);

    /// Notes what was noticed of a node that the broker knows; false when nothing of it is new.
    bool note(const std::string& node, const views::NodeSigns& signs);

    const views::NodePresences& nodes() const { return nodes_; }

  private:
    /// How many readings a node said had failed, and when that number last rose.
    struct Failures {
        std::uint64_t total = 0;
        std::optional<base::EventTime> rose_at{};
    };

    std::vector<std::string> forget(const std::string& node);
    bool make_room(const std::string& node, std::vector<std::string>& dropped);
    void refuse(const char* reason);
    std::optional<base::EventTime> failed_at(const std::string& node,
                                             const wire::NodeStatus& status, base::EventTime now);

    PresenceOptions options_;
    wire::Topics topics_;
    base::Counters& counters_;
    views::NodePresences nodes_;
    std::map<std::string, Failures> failures_;
    std::set<std::string> known_;        // Nodes that have sent a record.
    std::deque<std::string> strangers_;  // The others, as they were first heard.
    std::set<std::string> told_;         // Reasons for which a node was not kept.
};

}  // namespace central
