#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/sampling/sampler.hpp"
#include "agent/sampling/scripted_driver.hpp"
#include "support/captured_log.hpp"
#include "support/manual_clock.hpp"
#include "wire/record.hpp"

namespace agent_test {

struct SyncedWatch final : agent::ClockWatch {
    wire::ClockState state() const override { return now; }
    std::string_view boot() const override { return boot_name; }
    base::Duration error() const override { return error_now; }
    wire::ClockState now = wire::ClockState::synced;
    std::string boot_name;
    base::Duration error_now{5};
};

/// Sensors whose readings a test gives, and the clock of their sampler.
struct Board {
    Board() { support::silence_log(); }

    std::shared_ptr<Script> add(const std::string& name, base::Duration period) {
        auto script = std::make_shared<Script>();
        sensors.push_back({.name = name,
                           .kind = "scripted",
                           .period = period,
                           .driver = std::make_unique<ScriptedDriver>(script)});
        return script;
    }

    agent::Sampler make(agent::SamplerOptions options = {}) {
        return agent::Sampler{options, std::move(sensors), clock, watch, counters};
    }

    support::ManualClock clock;
    SyncedWatch watch;
    base::Counters counters;
    std::vector<agent::Sensor> sensors;
};

inline drivers::Measurement measured(double value, base::Instant taken) {
    return {.quantity = 0, .value = value, .taken = taken, .source_time = {}};
}

inline drivers::Measurement from_file(double value, std::int64_t ms) {
    return {.quantity = 0, .value = value, .taken = {}, .source_time = base::from_milliseconds(ms)};
}

inline drivers::Harvest harvest_of(std::vector<drivers::Measurement> measurements,
                                   std::vector<drivers::Failure> failures = {},
                                   std::optional<std::string> position = {}) {
    drivers::Harvest harvest;
    harvest.measurements = std::move(measurements);
    harvest.failures = std::move(failures);
    harvest.position = std::move(position);
    return harvest;
}

template <class Body>
std::vector<Body> bodies(const delivery::Flush& flush) {
    std::vector<Body> result;
    for (const auto& line : flush.lines) {
        const auto record = wire::decode_record(line);
        REQUIRE_MESSAGE(record, line);
        if (const auto* body = std::get_if<Body>(&record.value().body)) result.push_back(*body);
    }
    return result;
}

}  // namespace agent_test
