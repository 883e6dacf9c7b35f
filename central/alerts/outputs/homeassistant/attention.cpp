#include "central/alerts/outputs/homeassistant/attention.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "base/json.hpp"

namespace alerts {

namespace {

constexpr std::size_t kSentencesMax = 20;

/// "leat_attic", as the agent calls the device. No node may be called "central".
std::string device_of(const std::string& node) {
    return "leat_" + (node.empty() ? "central" : node);
}

std::string text_of(base::EventTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::vector<const Alert*> told_of(const NodeAlerts& alerts) {
    std::vector<const Alert*> told;
    for (const auto& [id, alert] : alerts) {
        if (!alert.is_silenced) told.push_back(&alert);
    }
    std::sort(told.begin(), told.end(), [](const Alert* one, const Alert* other) {
        return std::tuple{other->severity, one->opened, one->id} <
               std::tuple{one->severity, other->opened, other->id};
    });
    return told;
}

}  // namespace

std::string encode_attention(const NodeAlerts& alerts) {
    const auto told = told_of(alerts);
    base::JsonWriter json;
    json.begin_object().member("state", told.empty() ? "OFF" : "ON");
    json.key("attributes").begin_object();
    json.member("count", std::uint64_t{told.size()}).key("since");
    const auto first = std::min_element(
        told.begin(), told.end(),
        [](const Alert* one, const Alert* other) { return one->opened < other->opened; });
    if (told.empty()) {
        json.null().key("sentence").null();
    } else {
        json.value(text_of((*first)->opened)).member("sentence", told.front()->sentence);
    }
    json.key("sentences").begin_array();
    for (std::size_t i = 0; i < std::min(told.size(), kSentencesMax); ++i) {
        json.value(told[i]->sentence);
    }
    return json.end_array().end_object().end_object().take();
}

std::string encode_announcement(const AnnouncedSensor& sensor) {
    const auto device = device_of(sensor.node);
    base::JsonWriter json;
    json.begin_object().member("name", "needs attention");
    json.member("unique_id", device + "_attention").member("device_class", "problem");
    json.member("state_topic", sensor.state_topic).member("qos", 1);
    json.member("value_template", "{{ value_json.state }}");
    json.member("json_attributes_topic", sensor.state_topic);
    json.member("json_attributes_template", "{{ value_json.attributes | tojson }}");
    json.member("availability_topic", sensor.status_topic);
    json.member("availability_template",
                "{{ 'online' if value_json.state == 'ready' else 'offline' }}");
    json.key("device").begin_object().key("identifiers").begin_array().value(device).end_array();
    json.member("name", sensor.node.empty() ? "leat" : sensor.node);
    json.member("manufacturer", "leat").end_object();
    json.key("origin").begin_object().member("name", "leat-central");
    json.member("sw_version", sensor.version).end_object();
    return json.end_object().take();
}

std::string announcement_topic(const std::string& prefix, const std::string& node) {
    return fmt::format("{}/binary_sensor/{}/attention/config", prefix, device_of(node));
}

}  // namespace alerts
