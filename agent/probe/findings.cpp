#include "agent/probe/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "drivers/gpio/address.hpp"
#include "drivers/gpio/place.hpp"

namespace agent {

namespace {

using drivers::Remedy;
using drivers::Sign;
using Verdict = Finding::Verdict;

constexpr const char* kPage = "see the failure table of drivers/";

std::string place_of(const TriedSensor& sensor) {
    std::string result;
    for (const auto& [key, value] : sensor.keys) {
        if (!result.empty()) result += ", ";
        result += key == "line" ? value : fmt::format("{} {}", key, value);
    }
    return result;
}

std::string subject_of(const TriedSensor& sensor) {
    const auto place = place_of(sensor);
    if (place.empty()) return fmt::format("{} ({})", sensor.name, sensor.driver);
    return fmt::format("{} ({} on {})", sensor.name, sensor.driver, place);
}

std::optional<unsigned> gpio_number(const std::string& name) {
    if (!name.starts_with("GPIO")) return std::nullopt;
    unsigned number = 0;
    const auto* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + 4, end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number;
}

/// GPIO7 and pin 7 of the header are different lines, and are easily confused.
std::string pin_hint(const TriedSensor& sensor) {
    for (const auto& [key, value] : sensor.keys) {
        const auto number = key == "line" ? gpio_number(value) : std::nullopt;
        const auto other = drivers::gpio::header_pin_address(number.value_or(0));
        if (!other || other.value().offset == *number) continue;
        return fmt::format("; pin {0} of the header is GPIO{1}: if you mean that, header_pin = {0}",
                           *number, other.value().offset);
    }
    return {};
}

std::string quantity_of(const std::string& series) {
    return series.substr(series.find('.') + 1);
}

std::string values_of(const SensorReport& report) {
    std::string result;
    for (const auto& value : report.values) {
        result += fmt::format("{}{} {:.6g}", result.empty() ? "" : ", ", quantity_of(value.series),
                              value.value);
        if (!value.unit.empty() && value.unit != "/") result += " " + value.unit;
    }
    return result;
}

/// The remedy for a value that may mislead, or that never came.
const Remedy* remedy_of_values(const TriedSensor& sensor) {
    for (const auto& value : sensor.report.values) {
        if (value.value != 0) continue;
        const auto* remedy =
            drivers::find_remedy(sensor.remedies, Sign::zero, quantity_of(value.series));
        if (remedy != nullptr) return remedy;
    }
    for (const auto& quantity : sensor.report.silent) {
        const auto* remedy = drivers::find_remedy(sensor.remedies, Sign::no_value, quantity);
        if (remedy != nullptr) return remedy;
    }
    return nullptr;
}

Finding judge_values(const TriedSensor& sensor) {
    const auto& report = sensor.report;
    Finding finding{.verdict = Verdict::ok,
                    .subject = subject_of(sensor),
                    .seen = values_of(report),
                    .cure = {}};
    if (const auto* remedy = remedy_of_values(sensor)) {
        finding.verdict = remedy->is_wrong ? Verdict::problem : Verdict::note;
        finding.seen += fmt::format(": {}", remedy->means);
        finding.cure = remedy->cure;
    } else if (!report.silent.empty()) {
        finding.verdict = Verdict::note;
        finding.seen += fmt::format("; no value of {} yet", fmt::join(report.silent, ", "));
    }
    if (!report.unmatched.empty()) {
        if (finding.verdict == Verdict::ok) finding.verdict = Verdict::note;
        finding.seen += fmt::format("; [sensor.series.{}] matches none of its series",
                                    fmt::join(report.unmatched, "], [sensor.series."));
    }
    if (report.failures > 0) {
        finding.seen += fmt::format("; {} {} failed ({})", report.failures,
                                    report.failures == 1 ? "try" : "tries", report.fault);
    }
    return finding;
}

Finding judge_silence(const TriedSensor& sensor) {
    const auto& reason = sensor.report.fault;
    const auto* remedy = drivers::find_remedy(sensor.remedies, sensor.report.sign);
    Finding finding{.verdict = Verdict::problem,
                    .subject = subject_of(sensor),
                    .seen = reason.empty() ? "nothing came" : reason,
                    .cure = fmt::format("{}{}/README.md", kPage, sensor.driver)};
    if (remedy == nullptr) return finding;
    if (!remedy->is_wrong) finding.verdict = Verdict::note;
    finding.seen += fmt::format(": {}", remedy->means);
    finding.cure = std::string{remedy->cure} + (remedy->is_wrong ? pin_hint(sensor) : "");
    return finding;
}

Finding judge_refusal(const TriedSensor& sensor) {
    if (sensor.is_read_by_agent) {
        return {.verdict = Verdict::note,
                .subject = subject_of(sensor),
                .seen = "a running leat-agent reads it",
                .cure = "systemctl stop leat-agent, and probe again"};
    }
    // The refusal itself says what to do, after the place in the file.
    return {.verdict = Verdict::problem,
            .subject = subject_of(sensor),
            .seen = sensor.refused,
            .cure = {}};
}

Finding note(std::string subject, std::string seen, std::string cure = {}) {
    return {.verdict = Verdict::note,
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

Finding judge(const TriedSensor& sensor) {
    if (!sensor.refused.empty()) return judge_refusal(sensor);
    return sensor.report.values.empty() ? judge_silence(sensor) : judge_values(sensor);
}

std::vector<Finding> judge(const Machine& machine, std::span<const TriedSensor> sensors) {
    std::vector<Finding> findings;
    judge_gpio(machine, findings);
    judge_iio(machine, sensors, findings);
    judge_serial(machine, findings);
    return findings;
}

std::string_view to_text(Finding::Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::note:
            return "note";
        case Verdict::problem:
            break;
    }
    return "problem";
}

}  // namespace agent
