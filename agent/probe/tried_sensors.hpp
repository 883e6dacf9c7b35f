#pragma once

#include <vector>

#include "agent/config/config.hpp"
#include "agent/probe/sensor_findings.hpp"

namespace agent {

/// Opens and reads every configured sensor, for at most `patience`, and returns them in the order
/// of the file. One that cannot be opened delays no other.
std::vector<TriedSensor> try_sensors(const Config& config, const base::Clock& clock,
                                     base::Duration patience);

}  // namespace agent
