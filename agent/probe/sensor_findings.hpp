#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agent/probe/finding.hpp"
#include "agent/probe/sensor_trial.hpp"
#include "drivers/core/remedy.hpp"

namespace agent {

/// A configured sensor, and what came of trying it.
struct TriedSensor {
    std::string name;
    std::string driver;
    std::vector<std::pair<std::string, std::string>>
        keys;  // Those of its table that say where it is.
    std::span<const drivers::Remedy> remedies;
    std::string refused;            // Why it could not be opened; empty when it could.
    bool is_read_by_agent = false;  // A leat-agent that is running has its lines.
    SensorReport report;
};

/// How well the sensor works, and what to do. Pure: the same observations give the same finding.
Finding judge(const TriedSensor& sensor);

}  // namespace agent
