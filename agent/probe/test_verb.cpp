#include "agent/probe/test_verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "agent/probe/tried_sensors.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"

namespace agent {

namespace {

constexpr base::Duration kPatience = std::chrono::seconds{5};

/// Prints what is wrong with the folder of the outbox, and what to do.
bool check_outbox_folder(const std::string& outbox) {
    const std::filesystem::path path{outbox};
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        program::print("{:<32} no folder {}: mkdir -p {}\n", "outbox", folder.string(),
                       folder.string());
        return false;
    }
    if (access(folder.c_str(), W_OK | X_OK) == 0) return true;
    program::print("{:<32} the folder {} cannot be written: chown it to the user of leat-agent\n",
                   "outbox", folder.string());
    return false;
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
    bool good = check_outbox_folder(config.outbox.path);
    for (const auto& sensor : try_sensors(config, clock, kPatience)) good = report(sensor) && good;
    return good ? program::kExitOk : program::kExitFailed;
}

}  // namespace agent
