#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "base/command_line.hpp"
#include "base/log.hpp"
#include "base/notify.hpp"
#include "base/signals.hpp"
#include "central/service/checks.hpp"
#include "central/service/config.hpp"
#include "central/service/service.hpp"

namespace {

using central::Config;

base::CommandSpec command_spec() {
    const base::CommandOption config{
        .name = "config", .help = "The configuration file", .fallback = "/etc/leat/central.toml"};
    return {.program = "leat-central",
            .version = LEAT_VERSION,
            .about = "Counts readings from Redis into windows in a database, and shows them.",
            .verbs = {{"run", "Count and serve until stopped", {config}},
                      {"test", "Try the database, Redis, the broker and the port", {config}},
                      {"validate", "Check the configuration file", {config}},
                      {"sample-config", "Print a commented configuration file", {}}},
            .examples =
                "leat-central sample-config > central.toml\n"
                "leat-central test --config central.toml\n"
                "leat-central run --config central.toml",
            .manual = {{.title = "CONFIGURATION",
                        .text = "What sample-config prints:",
                        .sample = std::string{central::kSampleConfig}}}};
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

base::Result<Config> load_config(const std::string& path) {
    auto settings = base::Settings::load(path);
    if (!settings) return settings.error();
    return central::read_config(std::move(settings).value(), host_name());
}

int failed(const base::Error& error) {
    base::log_error("an_operator_must_help", {{"reason", error.detail}});
    return error.fault == base::Fault::misconfigured ? base::kExitMisconfigured : base::kExitFailed;
}

int run(const Config& config) {
    base::set_log_level(config.log_level);
    const base::StopSignals signals;
    const base::SystemClock clock;
    base::ServiceNotifier notifier;
    auto opened = central::Service::open(config, clock, LEAT_VERSION);
    if (!opened) return failed(opened.error());
    auto& service = *opened.value();
    base::log_info("listening", {{"address", service.address()},
                                 {"id", config.id},
                                 {"version", LEAT_VERSION},
                                 {"database", config.sink.path}});
    notifier.ready();
    while (!signals.stop_requested()) {
        const auto now = clock.instant();
        if (const auto ticked = service.tick(now); !ticked) {
            service.stop();
            return failed(ticked.error());
        }
        notifier.alive(now);
    }
    notifier.stopping();
    service.stop();
    base::log_info("central_stops");
    return base::kExitOk;
}

int test(const Config& config) {
    base::set_log_level(base::LogLevel::error);
    const base::StopSignals signals;
    const base::SystemClock clock;
    return central::check_everything(config, clock) ? base::kExitOk : base::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
    const auto parsed = base::parse_command_line(command_spec(), argc, argv);
    if (parsed.exit_code >= 0) return parsed.exit_code;
    const auto& command = parsed.command;
    if (command.verb == "sample-config") {
        fmt::print("{}", central::kSampleConfig);
        return base::kExitOk;
    }
    const auto config = load_config(command.option("config"));
    if (!config) {
        fmt::print(stderr, "{}\n", config.error().detail);
        return base::kExitMisconfigured;
    }
    if (command.verb == "test") return test(config.value());
    if (command.verb == "run") return run(config.value());
    fmt::print("{} is good\n", command.option("config"));
    return base::kExitOk;
}
