#pragma once

#include <string>
#include <string_view>

namespace drivers::gpio {

/// What `gpioinfo` shows as the consumer of a sensor's line: "leat:climate", "leat:sonar:echo".
std::string consumer_of(std::string_view sensor, std::string_view part = {});

/// Whether a line with this consumer belongs to a sensor of some leat-agent.
bool is_of_agent(std::string_view consumer);

/// Whether it belongs to the sensor of this name.
bool is_of_sensor(std::string_view consumer, std::string_view sensor);

}  // namespace drivers::gpio
