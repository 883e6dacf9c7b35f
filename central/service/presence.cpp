#include "central/service/presence.hpp"

namespace central {

namespace {

void refuse(base::Counters& counters, const char* reason) {
    counters
        .counter("leat_central_status_refused_total", "Status messages that could not be used.",
                 {{"reason", reason}})
        .add();
}

/// A will holds nothing but the state. What the node said before it died stays true.
std::optional<views::NodeDetails> details_of(const wire::NodeStatus& status) {
    if (status.version.empty()) return std::nullopt;
    return views::NodeDetails{.version = status.version,
                              .outbox_records = status.outbox_records,
                              .clock = status.clock,
                              .alarms = status.alarms,
                              .faults = status.faults};
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

std::optional<std::string> Presence::accept(const broker::Message& message, base::EventTime now) {
    const auto topic = topics_.parse(message.topic);
    if (!topic || topic->leaf != "status") {
        refuse(counters_, "topic");
        return std::nullopt;
    }
    if (message.payload.empty()) return forget(topic->node);
    const auto status = wire::decode_status(message.payload);
    if (!status) {
        refuse(counters_, "malformed");
        return std::nullopt;
    }
    const auto known = nodes_.find(topic->node);
    const bool is_new = known == nodes_.end();
    if (is_new && nodes_.size() >= options_.nodes_max) {
        refuse(counters_, "too_many_nodes");
        return std::nullopt;
    }
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
    if (!is_new && after == known->second) return std::nullopt;
    nodes_[topic->node] = after;
    return topic->node;
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
std::optional<std::string> Presence::forget(const std::string& node) {
    failures_.erase(node);
    if (nodes_.erase(node) == 0) return std::nullopt;
    return node;
}

}  // namespace central
