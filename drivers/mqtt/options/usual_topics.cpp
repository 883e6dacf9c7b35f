#include "drivers/mqtt/options/usual_topics.hpp"

namespace drivers::mqtt {

namespace {

using Levels = std::vector<std::string>;

Levels first_of(const Levels& levels, std::size_t count) {
    return {levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string with(Levels levels, const std::string& last) {
    levels.push_back(last);
    return join_levels(levels);
}

/// The levels before the first wildcard, or before the last level when there is none.
Levels base_of(const TopicFilter& filter) {
    const auto& levels = filter.levels();
    std::size_t count = 0;
    while (count + 1 < levels.size() && levels[count] != "+") ++count;
    return first_of(levels, count);
}

/// A friendly name may contain slashes; `#` allows for them.
std::vector<std::string> zigbee2mqtt_availability(const TopicFilter& values) {
    const auto base = base_of(values);
    std::vector<std::string> filters;
    if (!base.empty()) filters.push_back(with(base, "bridge/state"));
    if (values.ends_open()) {
        filters.push_back(with(base, "+/availability"));
        filters.push_back(with(base, "+/+/availability"));
    } else {
        filters.push_back(with(values.levels(), "availability"));
    }
    return filters;
}

}  // namespace

std::vector<std::string> usual_topics(Format format) {
    switch (format) {
        case Format::zigbee2mqtt:
            return {"zigbee2mqtt/+"};
        case Format::tasmota:
            return {"tele/+/SENSOR"};
        case Format::esphome:
            return {"+/sensor/+/state", "+/binary_sensor/+/state"};
        case Format::homie:
            return {"homie/+/+/+"};
        case Format::plain:
        case Format::json:
            break;
    }
    return {};
}

std::vector<std::string> usual_availability(Format format, const TopicFilter& values) {
    const auto& levels = values.levels();
    switch (format) {
        case Format::zigbee2mqtt:
            return zigbee2mqtt_availability(values);
        case Format::tasmota:
            return {with(first_of(levels, levels.size() - 1), "LWT")};
        case Format::esphome:
            return {with(first_of(levels, levels.size() - 3), "status")};
        case Format::homie:
            return {with(first_of(levels, levels.size() - 2), "$state")};
        case Format::plain:
        case Format::json:
            break;
    }
    return {};
}

std::vector<std::string> homie_attributes(const TopicFilter& values) {
    return {with(values.levels(), "$unit"), with(values.levels(), "$datatype")};
}

std::string wrong_with(Format format, const TopicFilter& values) {
    const auto& levels = values.levels();
    switch (format) {
        case Format::tasmota:
            if (values.ends_open() || levels.size() < 2) return "write it as tele/+/SENSOR";
            break;
        case Format::esphome:
            if (values.ends_open() || levels.size() < 4 || levels.back() != "state") {
                return "write it as <topic_prefix>/sensor/+/state";
            }
            break;
        case Format::homie:
            if (values.ends_open() || levels.size() < 4) {
                return "write it as homie/<device>/<node>/<property>, with + for any of these";
            }
            break;
        case Format::zigbee2mqtt:
            if (levels.size() < 2) return "write it as <base_topic>/+";
            break;
        case Format::plain:
        case Format::json:
            break;
    }
    return {};
}

}  // namespace drivers::mqtt
