#pragma once

#include <vector>

#include "agent/sampling/sampler.hpp"

namespace agent {

/// What a person wants to know of a sensor after wiring it: does it answer, and with what.
struct SensorReport {
    struct Value {
        std::string series;
        std::string unit;
        double value = 0;
    };
    std::string sensor;
    std::vector<Value> values;  // The first of each quantity.
    std::string fault;          // The last one; empty when there was none.
    std::size_t failures = 0;
    std::vector<std::string> silent{};  // Quantities that had no value.
    std::vector<std::string> unmet{};   // [sensor.series.…] of quantities that it does not have.
};

/// Reads every sensor until each quantity has a value, at most for `patience`.
/// Sleeps between tries: for the `test` verb only.
std::vector<SensorReport> test_sensors(std::vector<Sensor> sensors, const base::Clock& clock,
                                       base::Duration patience);

}  // namespace agent
