#include "agent/probe/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "agent/probe/machine_findings.hpp"
#include "agent/probe/probe_report.hpp"
#include "agent/probe/tried_sensors.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "program/checks.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"
#include "program/secrets.hpp"
#include "sqlite/place.hpp"

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

Finding judge_outbox(const Config& config) {
    if (const auto holder = sqlite::holder_of(config.outbox.path)) {
        return {.verdict = Finding::Verdict::note,
                .subject = "outbox " + config.outbox.path,
                .seen = fmt::format("a running leat-agent has it (process {})", *holder),
                .cure = {}};
    }
    const auto inspected = delivery::inspect_outbox(config.outbox);
    return {.verdict = inspected ? Finding::Verdict::ok : Finding::Verdict::problem,
            .subject = "outbox " + config.outbox.path,
            .seen = inspected ? "can be used" : inspected.error().detail,
            .cure = {}};
}

Finding judge_broker(const Config& config, const base::Clock& clock) {
    auto trial = program::try_broker(config.broker, clock);
    return {.verdict = trial.is_good ? Finding::Verdict::ok : Finding::Verdict::problem,
            .subject = "broker " + config.broker.address,
            .seen = std::move(trial.outcome),
            .cure = {}};
}

void try_configured(const Config& config, ProbeReport& report) {
    base::set_log_level(base::LogLevel::error);
    const base::SystemClock clock;
    const auto tried = try_sensors(config, clock, kPatience);
    report.findings = judge(report.machine, tried);
    for (const auto& sensor : tried) report.findings.push_back(judge(sensor));
    report.findings.push_back(judge_outbox(config));
    report.findings.push_back(judge_broker(config, clock));
    for (const auto& secret : program::open_secrets(program::secrets_of(config.broker))) {
        report.findings.push_back(
            {.verdict = Finding::Verdict::note, .subject = "secret", .seen = secret, .cure = {}});
    }
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
