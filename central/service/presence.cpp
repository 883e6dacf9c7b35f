#include "central/service/presence.hpp"

#include "base/log.hpp"

namespace central {

namespace {

/// A will holds nothing but the state. What the node said before it died stays true.
std::optional<views::NodeDetails> details_of(const wire::NodeStatus& status) {
    if (status.version.empty()) return std::nullopt;
    return views::NodeDetails{.version = status.version,
                              .outbox_records = status.outbox_records,
                              .clock = status.clock,
                              .alarms = status.alarms,
                              .faults = status.faults,
                              .failed_at = {},
                              .disk_days_left = status.disk_days_left};
}

std::uint64_t failed_readings(const wire::NodeStatus& status) {
    for (const auto& [name, count] : status.counters) {
        if (name == "leat_agent_faults_total") return count;
    }
    return 0;
}

}  // namespace

Presence::Presence(PresenceOptions options, base::Counters& counters)
    : options_(std::move(options)), topics_(options_.topic_root), counters_(counters) {}

std::vector<std::string> Presence::accept(const broker::Message& message, base::EventTime now) {
    const auto topic = topics_.parse(message.topic);
    if (!topic || topic->leaf != "status") {
        refuse("topic");
        return {};
    }
    if (message.payload.empty()) return forget(topic->node);
    const auto status = wire::decode_status(message.payload);
    if (!status) {
        refuse("malformed");
        return {};
    }
    const auto known = nodes_.find(topic->node);
    const bool is_new = known == nodes_.end();
    std::vector<std::string> changed;
    if (is_new && !make_room(topic->node, changed)) return {};
    views::NodePresence after = is_new ? views::NodePresence{} : known->second;
    if (is_new || after.state != status.value().state) {
        after.state = status.value().state;
        // A retained message says what the state is, not since when.
        after.since = message.retained ? std::nullopt : std::optional{now};
    }
    if (auto details = details_of(status.value())) {
        details->failed_at = failed_at(topic->node, status.value(), now);
        after.details = std::move(details);
    }
    if (!is_new && after == known->second) return {};
    nodes_[topic->node] = after;
    changed.push_back(topic->node);
    return changed;
}

/// Of strangers the newest stay; one that was dropped is heard again when it is no stranger.
bool Presence::make_room(const std::string& node, std::vector<std::string>& dropped) {
    if (known_.contains(node)) {
        if (nodes_.size() - strangers_.size() < options_.nodes_max) return true;
        refuse("too_many_nodes");
        if (told_.insert("too_many_nodes").second) {
            base::log_warn("there are more nodes than are kept; see [limits] nodes",
                           {{"nodes", options_.nodes_max}});
        }
        return false;
    }
    if (strangers_.size() >= options_.strangers_max) {
        refuse("too_many_strangers");
        if (told_.insert("too_many_strangers").second) {
            base::log_warn("many names publish a status and no record; only the newest are kept",
                           {{"kept", options_.strangers_max}});
        }
        dropped = forget(std::string{strangers_.front()});
    }
    strangers_.push_back(node);
    return true;
}

void Presence::know(const std::string& node) {
    if (known_.insert(node).second) std::erase(strangers_, node);
}

bool Presence::note(const std::string& node, const views::NodeSigns& signs) {
    const auto known = nodes_.find(node);
    if (known == nodes_.end() || known->second.signs == signs) return false;
    known->second.signs = signs;
    return true;
}

void Presence::refuse(const char* reason) {
    counters_
        .counter("leat_central_status_refused_total", "Status messages that could not be used.",
                 {{"reason", reason}})
        .add();
}

/// The faults are the last ones, however long ago; whether they go on is seen in their number.
std::optional<base::EventTime> Presence::failed_at(const std::string& node,
                                                   const wire::NodeStatus& status,
                                                   base::EventTime now) {
    auto& failures = failures_[node];
    const auto total = failed_readings(status);
    if (total != failures.total && total > 0) failures.rose_at = now;
    failures.total = total;
    if (failures.rose_at && now - *failures.rose_at > options_.failing_for)
        failures.rose_at.reset();
    return failures.rose_at;
}

/// The retained message is empty: an operator removed the node from the broker.
std::vector<std::string> Presence::forget(const std::string& node) {
    failures_.erase(node);
    std::erase(strangers_, node);
    if (nodes_.erase(node) == 0) return {};
    return {node};
}

}  // namespace central
