#include "agent/probe/machine_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/gpio/place.hpp"

namespace agent {

namespace {

Finding note(std::string subject, std::string seen, std::string cure = {}) {
    return {.verdict = Finding::Verdict::note,
            .subject = std::move(subject),
            .seen = std::move(seen),
            .cure = std::move(cure)};
}

bool uses(std::span<const TriedSensor> sensors, std::string_view key, std::string_view value) {
    return std::any_of(sensors.begin(), sensors.end(), [&](const TriedSensor& sensor) {
        return std::find(sensor.keys.begin(), sensor.keys.end(),
                         std::pair<std::string, std::string>{key, value}) != sensor.keys.end();
    });
}

void judge_gpio(const Machine& machine, std::vector<Finding>& findings) {
    for (const auto& closed : machine.gpio.closed) {
        findings.push_back(note("GPIO", fmt::format("no permission for {}", closed.path),
                                drivers::gpio::permission_cure(closed)));
    }
    if (!machine.gpio_trouble.empty()) {
        findings.push_back(note("GPIO", machine.gpio_trouble));
    } else if (machine.gpio.chips.empty() && machine.gpio.closed.empty()) {
        findings.push_back(note("GPIO",
                                "this machine has no GPIO chip: sensors on pins cannot be "
                                "tried here"));
    }
}

void judge_serial(const Machine& machine, std::vector<Finding>& findings) {
    for (const auto& port : machine.serial) {
        if (!port.open_to_us) {
            findings.push_back(note(
                port.path, "no permission",
                port.group.empty() ? fmt::format("chgrp dialout {0} && chmod g+rw {0}", port.path)
                                   : fmt::format("it belongs to the group {0}: usermod -aG {0} "
                                                 "USER, and start again",
                                                 port.group)));
        }
        for (const auto& holder : port.holders) {
            findings.push_back(note(
                port.path, fmt::format("is open in {} (process {})", holder.name, holder.process),
                holder.name == "ModemManager"
                    ? "it takes an Arduino for a modem: apt-get purge modemmanager"
                    : "stop it, unless it is meant to use that port"));
        }
    }
}

void judge_iio(const Machine& machine, std::span<const TriedSensor> sensors,
               std::vector<Finding>& findings) {
    for (const auto& device : machine.iio) {
        const auto& all = device.quantities;
        if (std::find(all.begin(), all.end(), "humidityrelative") == all.end()) continue;
        if (uses(sensors, "backend", "iio")) continue;
        findings.push_back(
            note(fmt::format("{} ({})", device.id, device.name),
                 "measures temperature and humidity, but no configured sensor reads it",
                 "driver = \"dht\" with backend = \"iio\""));
    }
}

}  // namespace

std::vector<Finding> judge(const Machine& machine, std::span<const TriedSensor> sensors) {
    std::vector<Finding> findings;
    judge_gpio(machine, findings);
    judge_iio(machine, sensors, findings);
    judge_serial(machine, findings);
    return findings;
}

}  // namespace agent
