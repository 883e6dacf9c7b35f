#include "agent/probe/sensor_findings.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "drivers/gpio/address.hpp"

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

}  // namespace

Finding judge(const TriedSensor& sensor) {
    if (!sensor.refused.empty()) return judge_refusal(sensor);
    return sensor.report.values.empty() ? judge_silence(sensor) : judge_values(sensor);
}

}  // namespace agent
