#include "central/alerts/outputs/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

#include "central/alerts/outputs/mqtt/mqtt.hpp"
#include "wire/topic.hpp"

namespace alerts {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kOutputsMax = 16;  // Of each kind.

bool is_name(std::string_view text) {
    constexpr std::size_t kNameMax = 63;
    return !text.empty() && text.size() <= kNameMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
           });
}

/// Under this name it is remembered what has been sent, so it must not depend on the order.
std::string read_name(base::Settings& settings, const std::string& fallback,
                      std::set<std::string>& names) {
    auto name = settings.text("name", fallback);
    if (!is_name(name)) {
        settings.refuse("name", fmt::format("{}: \"{}\" is no name; write some like \"phone\"",
                                            settings.full_name("name"), name));
    } else if (!names.insert(name).second) {
        settings.refuse("name", fmt::format("{}: two are called \"{}\"; give each a name of its "
                                            "own: name = \"phone\"",
                                            settings.full_name("name"), name));
    }
    return name;
}

void read_courier(base::Settings& settings, CourierOptions& courier) {
    courier.update_every = settings.duration("update_every", courier.update_every, 0s, 7 * 24h);
}

/// What people know from other programs.
void advise_on_webhook(base::Settings& settings) {
    for (const char* key : {"token", "bearer", "password", "secret", "api_key", "authorization"}) {
        settings.advise(key,
                        "a token does not stand in this file: write it into one of its own, "
                        "chmod 600, and token_file = \"/etc/leat/webhook.token\"");
    }
    for (const char* key : {"insecure", "verify", "skip_verify", "tls_verify"}) {
        settings.advise(key, "certificates are always verified; ca_file says whom else to trust");
    }
}

WebhookOptions read_webhook(base::Settings settings, std::set<std::string>& names) {
    advise_on_webhook(settings);
    WebhookOptions options;
    options.url = settings.required_text("url");
    const auto host = host_of(options.url);
    if (!host && !options.url.empty()) {
        settings.refuse("url", fmt::format("{}: {}; write some like \"https://ntfy.sh/my-topic\"",
                                           settings.full_name("url"), host.error().detail));
    }
    options.name = read_name(settings, host ? host.value() : "webhook", names);
    options.format =
        format_of(settings.choice("format", "leat", format_words())).value_or(Format::leat);
    options.token_file = settings.text("token_file", "");
    options.ca_file = settings.text("ca_file", "");
    if (!options.ca_file.empty() && !options.url.starts_with("https://")) {
        settings.refuse("ca_file", settings.full_name("ca_file") +
                                       " is only for a url that begins with https://");
    }
    options.timeout = settings.duration("timeout", options.timeout, 1s, 5min);
    read_courier(settings, options.courier);
    return options;
}

CommandOptions read_command(base::Settings settings, std::set<std::string>& names) {
    for (const char* key : {"command", "exec", "cmd", "program"}) {
        settings.advise(key, "write run = [\"/usr/local/bin/notify\", \"--loud\"]");
    }
    CommandOptions options;
    options.run = settings.texts("run");
    if (options.run.empty() || options.run.front().empty()) {
        settings.refuse("run", settings.full_name("run") +
                                   " names no program; write run = [\"/usr/local/bin/notify\"]; no "
                                   "shell reads it");
        options.run = {"none"};
    }
    const auto program = std::filesystem::path{options.run.front()}.filename().string();
    options.name = read_name(settings, program, names);
    options.timeout = settings.duration("timeout", options.timeout, 1s, 1h);
    options.courier.attempts_max = static_cast<std::uint32_t>(
        settings.integer("attempts", options.courier.attempts_max, 1, 1000));
    read_courier(settings, options.courier);
    return options;
}

std::vector<base::Settings> read_tables(base::Settings& alerts, const std::string& key) {
    auto tables = alerts.tables(key);
    if (tables.size() <= kOutputsMax) return tables;
    alerts.refuse(key, fmt::format("there are more than {} [[alerts.{}]]", kOutputsMax, key));
    tables.erase(tables.begin() + kOutputsMax, tables.end());
    return tables;
}

void read_home_assistant(base::Settings settings, HomeAssistantOptions& options) {
    options.is_enabled = settings.boolean("enabled", options.is_enabled);
    options.prefix = settings.text("prefix", options.prefix);
    if (wire::is_topic_root(options.prefix)) return;
    settings.refuse("prefix", fmt::format("{}: \"{}\" is no beginning of a topic; Home Assistant's "
                                          "own is \"homeassistant\"",
                                          settings.full_name("prefix"), options.prefix));
}

}  // namespace

ExitOptions read_exits(base::Settings alerts) {
    ExitOptions options;
    options.is_mqtt_enabled = alerts.table("mqtt").boolean("enabled", options.is_mqtt_enabled);
    read_home_assistant(alerts.table("homeassistant"), options.home_assistant);
    std::set<std::string> webhooks;
    for (const auto& table : read_tables(alerts, "webhook")) {
        options.webhooks.push_back(read_webhook(table, webhooks));
    }
    std::set<std::string> commands;
    for (const auto& table : read_tables(alerts, "command")) {
        options.commands.push_back(read_command(table, commands));
    }
    return options;
}

void switch_off(ExitOptions& options) {
    options.is_mqtt_enabled = false;
    options.home_assistant.is_enabled = false;
    options.webhooks.clear();
    options.commands.clear();
}

void complete(ExitOptions& options, const std::string& topic_root, const std::string& central) {
    options.mqtt_area = alert_area(topic_root, central);
    options.home_assistant.area = attention_area(topic_root, central);
    options.home_assistant.status_topic =
        wire::Topics{topic_root}.program_status("central", central);
}

std::vector<broker::Subscription> subscriptions_of(const ExitOptions& options) {
    return {{.filter = options.mqtt_area + "+/+", .qos = 1},
            {.filter = options.home_assistant.area + "+", .qos = 1}};
}

std::vector<std::string> secrets_of(const ExitOptions& options) {
    std::vector<std::string> files;
    for (const auto& webhook : options.webhooks) files.push_back(webhook.token_file);
    return files;
}

}  // namespace alerts
