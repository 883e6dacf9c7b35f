#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agent/probe/machine.hpp"
#include "agent/probe/sensor_trial.hpp"
#include "drivers/core/registry.hpp"

namespace agent {

/// What somebody who wires a node wants to hear of one thing.
struct Finding {
    enum class Verdict { ok, note, problem };

    Verdict verdict = Verdict::ok;
    std::string subject;  // "climate (dht on GPIO4)"
    std::string seen;     // What there is, or what is wrong.
    std::string cure;     // What to do; empty when `seen` has said it, or nothing is to be done.

    bool operator==(const Finding&) const = default;
};

/// A configured sensor and how trying it ended.
struct TriedSensor {
    std::string name;
    std::string driver;
    std::vector<std::pair<std::string, std::string>> keys;  // Of its table: where it is.
    std::span<const drivers::Remedy> remedies;
    std::string refused;  // Why it could not be opened; empty when it could.
    SensorReport report;
};

// Pure: the same sight gives the same findings.

Finding judge(const TriedSensor& sensor);

/// What the machine itself has and lacks. What is nobody's fault is a note: only a sensor that is
/// configured can miss something.
std::vector<Finding> judge(const Machine& machine, std::span<const TriedSensor> sensors);

std::string_view to_text(Finding::Verdict verdict);

}  // namespace agent
