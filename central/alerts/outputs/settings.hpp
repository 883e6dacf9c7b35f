#pragma once

#include <string>
#include <vector>

#include "base/settings.hpp"
#include "broker/paho_connection.hpp"
#include "central/alerts/outputs/command/command.hpp"
#include "central/alerts/outputs/homeassistant/homeassistant.hpp"
#include "central/alerts/outputs/webhook/webhook.hpp"

namespace alerts {

/// By which ways alerts leave.
struct ExitOptions {
    bool is_mqtt_enabled = true;
    std::string mqtt_area;  // "leat/v1/alert/house/"
    HomeAssistantOptions home_assistant;
    std::vector<WebhookOptions> webhooks;
    std::vector<CommandOptions> commands;
};

/// Reads [alerts.mqtt], [alerts.homeassistant], [[alerts.webhook]] and [[alerts.command]] out of
/// [alerts].
ExitOptions read_exits(base::Settings alerts);

/// All of them; what they have left at the broker goes.
void switch_off(ExitOptions& options);

/// Fills in what follows from who we are.
void complete(ExitOptions& options, const std::string& topic_root, const std::string& central);

/// What the broker must tell us, so that we see what it still holds of ours.
std::vector<broker::Subscription> subscriptions_of(const ExitOptions& options);

/// The files with secrets.
std::vector<std::string> secrets_of(const ExitOptions& options);

}  // namespace alerts
