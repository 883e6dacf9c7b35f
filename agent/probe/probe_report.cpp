#include "agent/probe/probe_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/json.hpp"

namespace agent {

namespace {

using Verdict = Finding::Verdict;

constexpr std::size_t kColumnsMax = 100;

std::string name_of(const drivers::gpio::SurveyedLine& line) {
    return line.name.empty() ? std::to_string(line.offset) : line.name;
}

const char* direction_of(const drivers::gpio::SurveyedLine& line) {
    return line.output ? "output" : "input";
}

/// Words with commas, broken before the margin.
std::string wrapped(const std::string& before, const std::vector<std::string>& words) {
    std::string result = before;
    std::size_t column = before.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i] + (i + 1 < words.size() ? "," : "");
        if (column + 1 + word.size() > kColumnsMax) {
            result += "\n" + std::string(before.size(), ' ');
            column = before.size();
        }
        result += " " + word;
        column += 1 + word.size();
    }
    return result + "\n";
}

std::string chip_text(const drivers::gpio::SurveyedChip& chip) {
    std::vector<std::string> free;
    std::string used;
    for (const auto& line : chip.lines) {
        if (line.used) {
            used += fmt::format("    {:<12} {:<6}  used by {}\n", name_of(line), direction_of(line),
                                line.consumer.empty() ? "the kernel" : line.consumer);
        } else {
            free.push_back(name_of(line) + (line.output ? " (output)" : ""));
        }
    }
    auto text =
        fmt::format("  {}  {}, {} lines\n", chip.path, chip.label, chip.lines.size()) + used;
    return free.empty() ? text : text + wrapped("    free:", free);
}

std::string gpio_text(const Machine& machine) {
    std::string text = "GPIO chips\n";
    for (const auto& chip : machine.gpio.chips) text += chip_text(chip);
    for (const auto& closed : machine.gpio.closed)
        text += fmt::format("  {}  closed\n", closed.path);
    if (machine.gpio.chips.empty() && machine.gpio.closed.empty()) text += "  none\n";
    return text;
}

std::string iio_text(const Machine& machine) {
    std::string text = "Sensors of the kernel (iio)\n";
    for (const auto& device : machine.iio) {
        text += fmt::format("  {}  {}: {}\n", device.id, device.name,
                            fmt::join(device.quantities, ", "));
    }
    return machine.iio.empty() ? text + "  none\n" : text;
}

std::string serial_text(const Machine& machine) {
    std::string text = "Serial ports\n";
    for (const auto& port : machine.serial) {
        text += fmt::format("  {}", port.path);
        if (!port.usb_id.empty()) text += fmt::format("  USB {}", port.usb_id);
        for (const auto* word : {&port.vendor, &port.product}) {
            if (!word->empty()) text += " " + *word;
        }
        for (const auto& holder : port.holders) text += fmt::format("  open in {}", holder.name);
        text += '\n';
        for (const auto& link : port.links) text += fmt::format("    {}\n", link);
    }
    return machine.serial.empty() ? text + "  none\n" : text;
}

std::string thermometers_text(const Machine& machine) {
    std::string text = "Thermometers (driver \"host\")\n";
    for (const auto& one : machine.thermometers) text += fmt::format("  {}\n", one.name);
    return machine.thermometers.empty() ? text + "  none\n" : text;
}

std::string finding_text(const Finding& finding) {
    auto text =
        fmt::format("  {:<8} {}: {}", to_text(finding.verdict), finding.subject, finding.seen);
    if (!finding.cure.empty()) text += fmt::format(" -> {}", finding.cure);
    return text + "\n";
}

std::string sum_text(const ProbeReport& report) {
    const auto problems = report.count(Verdict::problem);
    const auto notes = report.count(Verdict::note);
    return fmt::format(
        "{} {}, {} {}, {} ok. Not tried here: whether the broker lets the node publish "
        "and hear, and whether a centre answers.\n",
        problems, problems == 1 ? "problem" : "problems", notes, notes == 1 ? "note" : "notes",
        report.count(Verdict::ok));
}

void write_gpio(base::JsonWriter& json, const Machine& machine) {
    json.key("gpio_chips").begin_array();
    for (const auto& chip : machine.gpio.chips) {
        json.begin_object().member("path", chip.path).member("label", chip.label);
        json.key("lines").begin_array();
        for (const auto& line : chip.lines) {
            json.begin_object()
                .member("offset", std::uint64_t{line.offset})
                .member("name", line.name)
                .member("direction", direction_of(line))
                .member("used", line.used)
                .member("consumer", line.consumer)
                .end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().key("gpio_chips_closed").begin_array();
    for (const auto& closed : machine.gpio.closed) json.value(closed.path);
    json.end_array();
}

void write_texts(base::JsonWriter& json, std::string_view key,
                 const std::vector<std::string>& texts) {
    json.key(key).begin_array();
    for (const auto& text : texts) json.value(text);
    json.end_array();
}

void write_devices(base::JsonWriter& json, const Machine& machine) {
    json.key("iio").begin_array();
    for (const auto& device : machine.iio) {
        json.begin_object().member("id", device.id).member("name", device.name);
        write_texts(json, "quantities", device.quantities);
        json.end_object();
    }
    json.end_array().key("thermometers").begin_array();
    for (const auto& one : machine.thermometers) {
        json.begin_object().member("name", one.name).member("path", one.path).end_object();
    }
    json.end_array();
}

void write_serial(base::JsonWriter& json, const Machine& machine) {
    json.key("serial_ports").begin_array();
    for (const auto& port : machine.serial) {
        json.begin_object().member("path", port.path);
        write_texts(json, "links", port.links);
        json.member("usb_id", port.usb_id)
            .member("vendor", port.vendor)
            .member("product", port.product)
            .member("may_open", port.open_to_us);
        json.key("open_in").begin_array();
        for (const auto& holder : port.holders) {
            json.begin_object()
                .member("process", holder.process)
                .member("name", holder.name)
                .end_object();
        }
        json.end_array().end_object();
    }
    json.end_array();
}

void write_findings(base::JsonWriter& json, const ProbeReport& report) {
    json.key("findings").begin_array();
    for (const auto& finding : report.findings) {
        json.begin_object()
            .member("verdict", to_text(finding.verdict))
            .member("subject", finding.subject)
            .member("seen", finding.seen)
            .member("cure", finding.cure)
            .end_object();
    }
    json.end_array().member("problems", std::uint64_t{report.count(Verdict::problem)});
}

}  // namespace

std::size_t ProbeReport::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.verdict == verdict; }));
}

std::string to_text(const ProbeReport& report) {
    const auto& machine = report.machine;
    auto text = fmt::format(
        "leat-agent {} on {}, kernel {}, user {}, {}\n\n", report.version,
        machine.board.empty() ? "an unnamed board" : machine.board, machine.kernel, machine.user,
        report.configuration.empty() ? "no configuration" : report.configuration);
    text += gpio_text(machine) + iio_text(machine) + serial_text(machine) +
            thermometers_text(machine) + "\nFindings\n";
    for (const auto& finding : report.findings) text += finding_text(finding);
    return text + "\n" + sum_text(report);
}

std::string to_json(const ProbeReport& report) {
    base::JsonWriter json;
    json.begin_object()
        .member("program", "leat-agent")
        .member("version", report.version)
        .member("configuration", report.configuration)
        .member("board", report.machine.board)
        .member("kernel", report.machine.kernel)
        .member("user", report.machine.user);
    write_gpio(json, report.machine);
    write_devices(json, report.machine);
    write_serial(json, report.machine);
    write_findings(json, report);
    json.end_object();
    return json.take() + "\n";
}

}  // namespace agent
