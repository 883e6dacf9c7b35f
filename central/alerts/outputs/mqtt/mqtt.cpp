#include "central/alerts/outputs/mqtt/mqtt.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace alerts {

std::string alert_area(const std::string& topic_root, const std::string& central) {
    return fmt::format("{}/alert/{}/", topic_root, central);
}

std::string alert_topic(const std::string& area, const Alert& alert) {
    return fmt::format("{}{}/{}", area, alert.node.empty() ? "-" : alert.node, alert.id);
}

Mqtt::Mqtt(const std::string& area, broker::Connection& connection, base::Counters& counters)
    : area_(area), retained_({.output = "mqtt", .area = area}, connection, counters) {}

void Mqtt::offer(const Alert& alert) {
    const auto topic = alert_topic(area_, alert);
    if (alert.state == State::closed) {
        retained_.want(topic, {});
        closing_[topic] = {.id = alert.id, .revision = alert.revision};
        return;
    }
    closing_.erase(topic);
    base::JsonWriter json;
    write_alert(json, alert);
    retained_.want(topic, json.text());
}

std::vector<Delivered> Mqtt::take_delivered() {
    std::vector<Delivered> delivered;
    for (auto at = closing_.begin(); at != closing_.end();) {
        if (!retained_.is_done(at->first)) {
            ++at;
            continue;
        }
        delivered.push_back(std::move(at->second));
        at = closing_.erase(at);
    }
    return delivered;
}

}  // namespace alerts
