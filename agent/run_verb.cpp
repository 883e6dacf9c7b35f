#include "agent/run_verb.hpp"

#include "agent/life.hpp"
#include "disk/files.hpp"
#include "program/shell.hpp"

namespace agent {

namespace {

base::Status live(const std::string& file, const std::string& version,
                  program::StopSignals& signals, ConfigTrial& trial) {
    const base::SystemClock clock;
    const auto config = load_config(file, version);
    if (!config) return config.error();
    auto life = Life::begin(config.value(), trial, clock);
    if (!life) return life.error();
    life.value()->run(signals);
    return base::Done{};
}

}  // namespace

int run_verb(const std::string& config_file, const std::string& version) {
    program::StopSignals signals;  // Before any thread is started.
    disk::DurableFiles files;
    ConfigTrial trial(config_file, files);
    while (!signals.stop_requested()) {
        const auto lived = live(trial.begin(), version, signals, trial);
        if (lived) continue;
        if (!trial.is_running()) return program::print_error(lived.error());
        trial.roll_back("the agent could not start: " + lived.error().detail);
    }
    return program::kExitOk;
}

}  // namespace agent
