#pragma once

#include <span>
#include <vector>

#include "agent/probe/finding.hpp"
#include "agent/probe/machine.hpp"
#include "agent/probe/sensor_findings.hpp"

namespace agent {

/// What the machine itself has and lacks. All of these are notes: only a configured sensor can miss
/// something. Pure: the same observations give the same findings.
std::vector<Finding> judge(const Machine& machine, std::span<const TriedSensor> sensors);

}  // namespace agent
