#include "agent/probe/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "agent/probe/machine_findings.hpp"
#include "agent/probe/probe_report.hpp"
#include "agent/probe/tried_sensors.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"

namespace agent {

namespace {

constexpr base::Duration kPatience = std::chrono::seconds{5};
constexpr const char* kUsualConfig = "/etc/leat/agent.toml";

base::Result<Config> load(const std::string& path, const std::string& version) {
    auto settings = base::Settings::load(path);
    if (!settings) return settings.error();
    return read_config(std::move(settings).value(), version);
}

/// Empty when there is none.
std::string config_path(const ProbeOptions& options) {
    std::error_code error;
    if (!options.config.empty()) return options.config;
    return std::filesystem::exists(kUsualConfig, error) ? kUsualConfig : "";
}

void try_configured(const Config& config, ProbeReport& report) {
    base::set_log_level(base::LogLevel::error);
    const base::SystemClock clock;
    const auto tried = try_sensors(config, clock, kPatience);
    report.findings = judge(report.machine, tried);
    for (const auto& sensor : tried) report.findings.push_back(judge(sensor));
}

void without_config(ProbeReport& report) {
    report.findings = judge(report.machine, {});
    report.findings.push_back(
        {.verdict = Finding::Verdict::note,
         .subject = "configuration",
         .seen = fmt::format("there is no {}: no sensor was tried", kUsualConfig),
         .cure = "leat-agent sample-config > agent.toml, and probe --config agent.toml"});
}

/// The findings on the machine are reported nevertheless: they may help to correct the file.
int with_errors(const base::Error& error, ProbeReport& report) {
    report.findings = judge(report.machine, {});
    std::istringstream lines(error.detail);
    for (std::string line; std::getline(lines, line);) {
        report.findings.push_back({.verdict = Finding::Verdict::problem,
                                   .subject = "configuration",
                                   .seen = line,
                                   .cure = {}});
    }
    report.findings.push_back({.verdict = Finding::Verdict::note,
                               .subject = "sensors",
                               .seen = "none was tried: the configuration has errors",
                               .cure = {}});
    return program::kExitMisconfigured;
}

}  // namespace

int probe(const ProbeOptions& options) {
    ProbeReport report{.version = options.version,
                       .configuration = config_path(options),
                       .machine = observe_machine(options.root),
                       .findings = {}};
    int exit_code = program::kExitOk;
    if (report.configuration.empty()) {
        without_config(report);
    } else if (const auto config = load(report.configuration, options.version)) {
        try_configured(config.value(), report);
        exit_code = report.count(Finding::Verdict::problem) > 0 ? program::kExitFailed : exit_code;
    } else {
        exit_code = with_errors(config.error(), report);
    }
    program::print_text(options.json ? to_json(report) : to_text(report));
    return exit_code;
}

}  // namespace agent
