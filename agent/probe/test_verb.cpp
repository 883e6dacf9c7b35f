#include "agent/probe/test_verb.hpp"

#include <fmt/format.h>

#include "agent/probe/tried_sensors.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "program/checks.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"

namespace agent {

namespace {

constexpr base::Duration kPatience = std::chrono::seconds{5};

constexpr const char* kUntried =
    "note  not tried: whether the broker lets this node publish and hear, and whether a centre "
    "answers\n";

bool check_outbox(const Config& config) {
    const auto inspected = delivery::inspect_outbox(config.outbox);
    return program::print_check(bool(inspected),
                                fmt::format("outbox {}: {}", config.outbox.path,
                                            inspected ? "can be used" : inspected.error().detail));
}

/// False when the sensor gave no value.
bool report(const TriedSensor& sensor) {
    if (!sensor.refused.empty()) {
        program::print("{:<32} cannot be opened: {}\n", sensor.name, sensor.refused);
        return false;
    }
    for (const auto& value : sensor.report.values) {
        program::print("{:<32} {:>12.6g} {}\n", value.series, value.value, value.unit);
    }
    if (!sensor.report.values.empty()) {
        for (const auto& name : sensor.report.unmatched) {
            program::print("{:<32} [sensor.series.{}] matches none of its series\n", sensor.name,
                           name);
        }
        return true;
    }
    const auto& fault = sensor.report.fault;
    program::print("{:<32} no reading: {}\n", sensor.name,
                   fault.empty() ? "nothing came within 5 s" : fault);
    if (const auto* remedy = drivers::find_remedy(sensor.remedies, sensor.report.sign)) {
        program::print("{:<32} {}: {}\n", "", remedy->means, remedy->cure);
    }
    return false;
}

}  // namespace

int test_verb(const Config& config) {
    base::set_log_level(base::LogLevel::warn);
    const base::SystemClock clock;
    bool good = check_outbox(config);
    for (const auto& sensor : try_sensors(config, clock, kPatience)) good = report(sensor) && good;
    good = program::check_broker(config.broker, clock) && good;
    program::print_text(kUntried);
    return good ? program::kExitOk : program::kExitFailed;
}

}  // namespace agent
