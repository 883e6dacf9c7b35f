#pragma once

#include <map>
#include <string>

#include "central/alerts/core/alert.hpp"

namespace alerts {

/// The open alerts of one node, by id.
using NodeAlerts = std::map<std::string, Alert>;

/// What Home Assistant shows of a node: on or off, and in its attributes how many alerts are open
/// (count), since when, and their sentences, the worst one first; of those that are silenced,
/// nothing.
std::string encode_attention(const NodeAlerts& alerts);

/// What a binary sensor is announced with.
struct AnnouncedSensor {
    std::string node;  // Empty: the line as a whole.
    std::string state_topic;
    std::string status_topic;  // Of central: while it is away, the sensor is unavailable.
    std::string version;
};

/// MQTT discovery of a single component. The device has the identifier that the node's agent
/// announces itself with, so that both are one device.
std::string encode_announcement(const AnnouncedSensor& sensor);

/// `<prefix>/binary_sensor/leat_<node>/attention/config`
std::string announcement_topic(const std::string& prefix, const std::string& node);

}  // namespace alerts
