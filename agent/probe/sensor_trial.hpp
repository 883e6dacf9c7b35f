#pragma once

#include <vector>

#include "agent/sampling/sampler.hpp"

namespace agent {

/// What a person wants to know after wiring a sensor: whether it answers, and with which values.
struct SensorReport {
    struct Value {
        std::string series;
        std::string unit;
        double value = 0;
    };
    std::string sensor;
    std::vector<Value> values;                  // The first of each quantity.
    std::string fault;                          // The last one; empty when there was none.
    drivers::Sign sign = drivers::Sign::other;  // Of the last fault.
    std::size_t failures = 0;
    std::vector<std::string> silent{};     // Quantities that had no value.
    std::vector<std::string> unmatched{};  // [sensor.series.…] of quantities that it does not have.
};

/// Reads every sensor until each quantity has a value, for at most `patience`. Sleeps between
/// tries, so it is for verbs that end, not for the agent that runs.
std::vector<SensorReport> test_sensors(std::vector<Sensor> sensors, const base::Clock& clock,
                                       base::Duration patience);

}  // namespace agent
