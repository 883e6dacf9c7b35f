#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agent/probe/machine.hpp"
#include "agent/probe/sensor_trial.hpp"
#include "drivers/core/registry.hpp"

namespace agent {

/// A verdict on one thing, for a person who wires a node.
struct Finding {
    enum class Verdict { ok, note, problem };

    Verdict verdict = Verdict::ok;
    std::string subject;  // "climate (dht on GPIO4)"
    std::string seen;     // What there is, or what is wrong.
    std::string cure;     // What to do; empty when `seen` says it, or there is nothing to do.

    bool operator==(const Finding&) const = default;
};

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

// Pure: the same observations give the same findings.

Finding judge(const TriedSensor& sensor);

/// What the machine itself has and lacks. All of these are notes: only a configured sensor can miss
/// something.
std::vector<Finding> judge(const Machine& machine, std::span<const TriedSensor> sensors);

std::string_view to_text(Finding::Verdict verdict);

}  // namespace agent
