#include "base/log.hpp"
#include "central/service/checks.hpp"
#include "central/service/config.hpp"
#include "central/service/service.hpp"
#include "program/broker_news.hpp"
#include "program/loop.hpp"
#include "program/settings.hpp"
#include "program/shell.hpp"

namespace {

using base::Instant;
using central::Config;
using program::Next;

base::Result<Config> load(const std::string& file) {
    return program::load_config(file, [](base::Settings settings) {
        return central::read_config(std::move(settings), program::host_name());
    });
}

int fail(const base::Error& error) {
    base::log_error("an operator must help", {{"reason", error.detail}});
    return program::exit_code_of(error.fault);
}

int run(const Config& config) {
    base::set_log_level(config.log_level);
    const program::StopSignals signals;  // Before any thread is started.
    const base::SystemClock clock;
    auto opened = central::Service::open(config, clock, LEAT_VERSION);
    if (!opened) return fail(opened.error());
    auto& service = *opened.value();
    base::log_info("listening", {{"address", service.address()},
                                 {"id", config.id},
                                 {"version", LEAT_VERSION},
                                 {"database", config.sink.path}});
    program::BrokerNews broker_news(service.broker(), config.broker.address, clock.instant());
    const auto ran = program::run_loop(
        clock, signals, base::Duration::zero(), [&](Instant now) -> base::Result<Next> {
            if (const auto ticked = service.tick(now); !ticked) return ticked.error();
            broker_news.tick(now);
            return Next::tick;  // The service has waited for requests itself.
        });
    service.stop();
    if (!ran) return fail(ran.error());
    base::log_info("central stops");
    return program::kExitOk;
}

int test(const Config& config) {
    base::set_log_level(base::LogLevel::error);
    const program::StopSignals signals;
    const base::SystemClock clock;
    return central::check_everything(config, clock) ? program::kExitOk : program::kExitFailed;
}

program::CommandSpec command_spec() {
    const program::ConfiguredVerbs<Config> configured("/etc/leat/central.toml", load);
    const std::string sample{central::kSampleConfig};
    return {
        .program = "leat-central",
        .version = LEAT_VERSION,
        .about = "Counts readings from Redis into windows in a database, and shows them.",
        .verbs = {configured.verb("run", "Count and serve until stopped", run),
                  configured.verb("test", "Try the database, Redis, the broker and the port", test),
                  configured.validate(), program::sample_config_verb(sample)},
        .examples =
            "leat-central sample-config > central.toml\n"
            "leat-central test --config central.toml\n"
            "leat-central run --config central.toml",
        .manual = {program::configuration_section(sample)}};
}

}  // namespace

int main(int argc, char** argv) {
    return program::run(command_spec(), argc, argv);
}
