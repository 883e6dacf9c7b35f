#pragma once

#include <vector>

#include "agent/config/config.hpp"
#include "agent/probe/findings.hpp"

namespace agent {

/// Opens and reads every configured sensor, at most for `patience`; in the order of the file. One
/// that cannot be opened says why and holds up no other.
std::vector<TriedSensor> try_sensors(const Config& config, const base::Clock& clock,
                                     base::Duration patience);

}  // namespace agent
