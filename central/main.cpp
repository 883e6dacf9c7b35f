#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/reminder.hpp"
#include "central/alerts/silencing/silence_verb.hpp"
#include "central/jobs/verb/job_verb.hpp"
#include "central/quarantine/verb.hpp"
#include "central/replay/replay_verb.hpp"
#include "central/service/checks.hpp"
#include "central/service/config.hpp"
#include "central/service/detect_verb.hpp"
#include "central/service/dim_verb.hpp"
#include "central/service/forget_verb.hpp"
#include "central/service/service.hpp"
#include "central/shell/look_verbs.hpp"
#include "program/broker_news.hpp"
#include "program/checks.hpp"
#include "program/loop.hpp"
#include "program/print.hpp"
#include "program/secrets.hpp"
#include "program/settings.hpp"
#include "program/shell.hpp"

namespace {

using base::Instant;
using central::Config;
using program::Next;

base::Result<Config> load(const std::string& file) {
    auto config = program::load_config(file, [](base::Settings settings) {
        return central::read_config(std::move(settings), program::host_name());
    });
    if (!config) return config;
    auto named = std::move(config).value();
    named.file = file;
    return named;
}

int fail(const base::Error& error) {
    base::log_error("an operator must help", {{"reason", error.detail}});
    return program::exit_code_of(error.fault);
}

/// The service, as soon as its database can be opened: another program may hold it for a while.
class Running {
  public:
    Running(const Config& config, const base::Clock& clock) : config_(config), clock_(clock) {}

    base::Result<Next> tick(Instant now) {
        if (!service_) return open(now);
        if (const auto ticked = service_->tick(now); !ticked) return ticked.error();
        broker_news_->tick(now);
        return Next::tick;  // The service has waited for requests itself.
    }
    void stop() {
        if (service_) service_->stop();
    }

  private:
    base::Result<Next> open(Instant now) {
        auto opened = central::Service::open(config_, clock_, LEAT_VERSION);
        if (!opened && opened.error().fault == base::Fault::transient) return wait(opened.error());
        if (!opened) return opened.error();
        if (auto listening = opened.value()->listen(config_); !listening) return listening.error();
        service_ = std::move(opened).value();
        base::log_info("listening", {{"address", service_->address()},
                                     {"id", config_.id},
                                     {"version", LEAT_VERSION},
                                     {"database", config_.sink.path.text()}});
        broker_news_.emplace(service_->broker(), config_.broker.address, now);
        return Next::tick;
    }
    base::Result<Next> wait(const base::Error& error) {
        if (waiting_.is_due(error.detail, clock_.instant())) {
            base::log_warn("the database cannot be opened yet; trying again",
                           {{"reason", error.detail}});
        }
        return Next::pause;
    }

    const Config& config_;
    const base::Clock& clock_;
    std::unique_ptr<central::Service> service_;
    std::optional<program::BrokerNews> broker_news_;
    base::Reminder waiting_{std::chrono::minutes{1}};
};

int run(const Config& config) {
    base::set_log_level(config.log_level);
    program::warn_of_open_secrets(program::secrets_of(config.broker));
    program::warn_of_open_secrets({config.redis.password_file});
    program::warn_of_open_secrets({config.sink.path.password_file()});
    program::warn_of_open_secrets(alerts::secrets_of(config.exits));
    const program::StopSignals signals;  // Before any thread is started.
    const base::SystemClock clock;
    Running running(config, clock);
    const auto ran = program::run_loop(clock, signals, std::chrono::milliseconds{500},
                                       [&](Instant now) { return running.tick(now); });
    running.stop();
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

bool ask(const std::string& question) {
    program::print("{} [y/N] ", question);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int forget(const program::Command& command) {
    const auto config = load(command.option("config"));
    if (!config) return program::print_error(config.error());
    base::set_log_level(base::LogLevel::error);
    const base::SystemClock clock;
    const bool is_agreed = command.flag("yes");
    const auto forgotten =
        central::forget(config.value(), clock, command.option("what"),
                        [&](const auto& question) { return is_agreed || ask(question); });
    return forgotten ? program::kExitOk : program::print_error(forgotten.error());
}

int import_dimensions(const program::Command& command) {
    const auto config = load(command.option("config"));
    if (!config) return program::print_error(config.error());
    base::set_log_level(base::LogLevel::error);
    const auto imported =
        central::import_dimensions(config.value().sink.path, command.option("file"));
    return imported ? program::kExitOk : program::print_error(imported.error());
}

program::CommandVerb forget_verb(const program::CommandOption& config) {
    return {"forget",
            "Remove a node with all its data, or one of its series",
            {{.name = "what",
              .help = "attic, or attic/climate.temperature",
              .fallback = {},
              .is_positional = true},
             config,
             {.name = "yes", .help = "Do not ask", .fallback = {}, .is_flag = true}},
            forget};
}

program::CommandVerb quarantine_verb(const program::CommandOption& config) {
    const auto read = [](const std::string& file) -> base::Result<quarantine::Options> {
        auto loaded = load(file);
        if (!loaded) return loaded.error();
        return quarantine::Options{.sink = loaded.value().sink, .engine = loaded.value().engine};
    };
    return quarantine::quarantine_verb(config, read, ask);
}

program::CommandVerb silence_verb(const program::CommandOption& config) {
    static const base::SystemClock kClock;
    const auto find = [](const std::string& file) -> base::Result<sinks::Address> {
        auto loaded = load(file);
        if (!loaded) return loaded.error();
        return loaded.value().sink.path;
    };
    return alerts::silence_verb(config, find, kClock);
}

std::vector<program::CommandVerb> look_verbs(const program::CommandOption& config) {
    static const base::SystemClock kClock;
    const auto find = [](const std::string& file) -> base::Result<shell::Source> {
        auto loaded = load(file);
        if (!loaded) return loaded.error();
        return shell::Source{.database = loaded.value().sink.path,
                             .watermark_bound = loaded.value().engine.watermark_bound};
    };
    return shell::look_verbs(config, find, kClock);
}

program::CommandVerb replay_verb(const program::CommandOption& config) {
    static const base::SystemClock kClock;
    const auto read = [](const std::string& file) -> base::Result<replay::Source> {
        auto loaded = load(file);
        if (!loaded) return loaded.error();
        const auto& engine = loaded.value().engine;
        return replay::Source{.look = {.database = loaded.value().sink.path,
                                       .watermark_bound = engine.watermark_bound},
                              .engine = engine};
    };
    return replay::replay_verb(config, read, kClock);
}

program::CommandVerb job_verb(const program::CommandOption& config) {
    static const base::SystemClock kClock;
    const auto read = [](const std::string& file) -> base::Result<jobs::JobsSource> {
        auto loaded = load(file);
        if (!loaded) return loaded.error();
        jobs::JobsSource source{.place = central::place_of_jobs(loaded.value()),
                                .specs = loaded.value().jobs};
        source.place.clock = &kClock;
        return source;
    };
    return jobs::job_verb(config, read, kClock);
}

std::vector<program::CommandVerb> verbs(const program::ConfiguredVerbs<Config>& configured,
                                        const std::string& sample) {
    std::vector<program::CommandVerb> all{
        configured.verb("run", "Count and serve until stopped", run),
        configured.verb("test", "Try the database, Redis, the broker, the port, and a test alert",
                        test),
        configured.validate()};
    for (auto& verb : look_verbs(configured.option())) all.push_back(std::move(verb));
    for (auto& verb :
         {central::detect_verb(), central::dim_verb(configured.option(), import_dimensions),
          forget_verb(configured.option()), quarantine_verb(configured.option()),
          job_verb(configured.option()), replay_verb(configured.option()),
          silence_verb(configured.option()), program::sample_config_verb(sample)}) {
        all.push_back(verb);
    }
    return all;
}

program::CommandSpec command_spec() {
    const program::ConfiguredVerbs<Config> configured("/etc/leat/central.toml", load);
    const std::string sample{central::kSampleConfig};
    return {
        .program = "leat-central",
        .version = LEAT_VERSION,
        .about = "Counts readings from Redis into windows in a database, and shows them.",
        .verbs = verbs(configured, sample),
        .examples =
            "leat-central sample-config > central.toml\n"
            "leat-central test --config central.toml\n"
            "leat-central run --config central.toml\n"
            "leat-central nodes\n"
            "leat-central latest attic\n"
            "leat-central windows attic/climate.temperature --from yesterday --zone Europe/Berlin\n"
            "leat-central export attic --from 2026-11-01 --out attic.csv\n"
            "leat-central trace attic/climate.temperature '2026-11-20 08:31'\n"
            "leat-central forget attic --config central.toml\n"
            "leat-central dim import locations.csv --config central.toml\n"
            "leat-central quarantine list --reason rule_range --config central.toml\n"
            "leat-central silence attic --for 2h --reason painting --config central.toml\n"
            "leat-central job run nightly-backup --config central.toml\n"
            "leat-central replay --config new.toml --from -7d --diff\n"
            "leat-central detect --csv attic.csv --time time --value temperature --out judged.csv",
        .manual = {program::configuration_section(sample)},
        .date = LEAT_DATE};
}

}  // namespace

int main(int argc, char** argv) {
    return program::run(command_spec(), argc, argv);
}
