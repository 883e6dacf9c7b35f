#include "central/alerts/outputs/homeassistant/homeassistant.hpp"

#include <fmt/format.h>

#include <utility>

namespace alerts {

namespace {

constexpr const char* kLine = "-";  // No node may be called that.

}  // namespace

std::string attention_area(const std::string& topic_root, const std::string& central) {
    return fmt::format("{}/central/{}/attention/", topic_root, central);
}

HomeAssistant::HomeAssistant(HomeAssistantOptions options, broker::Connection& connection,
                             base::Counters& counters)
    : options_(std::move(options)),
      retained_({.output = "homeassistant", .area = options_.area}, connection, counters) {
    know({});
}

void HomeAssistant::know(const std::string& node) {
    if (!options_.is_enabled || !known_.insert(node).second) return;
    show(node);
    retained_.want(announcement_topic(options_.prefix, node),
                   encode_announcement({.node = node,
                                        .state_topic = state_topic(node),
                                        .status_topic = options_.status_topic,
                                        .version = options_.version}));
}

void HomeAssistant::offer(const Alert& alert) {
    if (!options_.is_enabled) return;
    auto& alerts = alerts_[alert.node];
    if (alert.state == State::closed) {
        alerts.erase(alert.id);
        delivered_.push_back({.id = alert.id, .revision = alert.revision});
    } else {
        alerts[alert.id] = alert;
    }
    if (known_.contains(alert.node)) show(alert.node);
    if (alerts.empty()) alerts_.erase(alert.node);
}

void HomeAssistant::show(const std::string& node) {
    retained_.want(state_topic(node), encode_attention(alerts_[node]));
}

/// The state that the broker still holds tells of whom there was a sensor. It goes last, so that
/// whatever comes between finds it again.
void HomeAssistant::remove(const std::string& node) {
    retained_.want(announcement_topic(options_.prefix, node), {});
    retained_.want(state_topic(node), {});
}

bool HomeAssistant::accept(const broker::Message& message) {
    if (!retained_.accept(message)) return false;
    if (!message.retained || message.payload.empty()) return true;
    const auto level = message.topic.substr(options_.area.size());
    const auto node = level == kLine ? std::string{} : level;
    if (!known_.contains(node)) remove(node);
    return true;
}

std::string HomeAssistant::state_topic(const std::string& node) const {
    return options_.area + (node.empty() ? kLine : node);
}

std::vector<Delivered> HomeAssistant::take_delivered() {
    return std::exchange(delivered_, {});
}

}  // namespace alerts
