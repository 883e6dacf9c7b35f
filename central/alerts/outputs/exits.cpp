#include "central/alerts/outputs/exits.hpp"

#include <utility>

namespace alerts {

Exits::Exits(const ExitOptions& options, const std::string& version, broker::Connection& connection,
             base::Counters& counters, std::uint64_t seed) {
    auto mqtt = std::make_unique<Mqtt>(options.mqtt_area, connection, counters);
    mqtt_ = mqtt.get();
    (options.is_mqtt_enabled ? outputs_ : removing_).push_back(std::move(mqtt));
    auto sensors = options.home_assistant;
    sensors.version = version;
    auto home_assistant = std::make_unique<HomeAssistant>(std::move(sensors), connection, counters);
    home_assistant_ = home_assistant.get();
    const bool is_announced = options.home_assistant.is_enabled;
    (is_announced ? outputs_ : removing_).push_back(std::move(home_assistant));
    for (const auto& webhook : options.webhooks) {
        outputs_.push_back(std::make_unique<Webhook>(webhook, counters, ++seed));
    }
    for (const auto& command : options.commands) {
        outputs_.push_back(std::make_unique<Command>(command, counters, ++seed));
    }
}

bool Exits::accept(const broker::Message& message) {
    return mqtt_->accept(message) || home_assistant_->accept(message);
}

void Exits::tick(base::Instant now) {
    for (const auto& output : removing_) output->tick(now);
}

}  // namespace alerts
