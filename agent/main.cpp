#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "agent/commands/command_desk.hpp"
#include "agent/config/config.hpp"
#include "agent/config/manual.hpp"
#include "agent/config/sample_config.hpp"
#include "agent/probe/decode_verb.hpp"
#include "agent/probe/probe.hpp"
#include "agent/probe/test_verb.hpp"
#include "agent/trial/config_change.hpp"
#include "agent/trial/trial_watch.hpp"
#include "base/command_line.hpp"
#include "base/notify.hpp"
#include "base/random.hpp"
#include "base/signals.hpp"

namespace {

using agent::Config;
using base::Duration;
using base::Instant;

constexpr Duration kPause = std::chrono::milliseconds{20};
constexpr Duration kNewsEvery = std::chrono::minutes{1};
// Together with the last commit they stay within the five seconds of a stop.
constexpr Duration kLastWords = std::chrono::seconds{2};
constexpr Duration kGoodbye = std::chrono::seconds{1};

base::CommandSpec command_spec() {
    const base::CommandOption config{
        .name = "config", .help = "The configuration file", .fallback = "/etc/leat/agent.toml"};
    return {.program = "leat-agent",
            .version = LEAT_VERSION,
            .about = "Reads sensors, keeps every reading until the centre has it, and sends it.",
            .verbs = {{"run", "Sample and send until stopped", {config}},
                      {"probe",
                       "Look at the pins and ports, try every sensor, say what is wired wrongly",
                       {{.name = "config",
                         .help = "The configuration file; /etc/leat/agent.toml if there is one",
                         .fallback = ""},
                        {.name = "root", .help = "Where dev, sys and proc are", .fallback = "/"},
                        {.name = "json", .help = "For machines", .fallback = "", .is_flag = true}}},
                      {"test", "Read every sensor once and print what it says", {config}},
                      {"validate", "Check the configuration file", {config}},
                      {"decode",
                       "Decode a capture of a sensor's line and print its frames as JSON",
                       {{.name = "sensor",
                         .help = "dht11, dht22 or hcsr04",
                         .fallback = "",
                         .is_positional = true,
                         .words = {"dht11", "dht22", "hcsr04"}},
                        {.name = "edges",
                         .help = "CSV with the columns time_us,level",
                         .fallback = "/dev/stdin"}}},
                      {"sample-config", "Print a commented configuration file", {}}},
            .examples =
                "leat-agent sample-config > agent.toml\n"
                "leat-agent probe --config agent.toml\n"
                "leat-agent test --config agent.toml\n"
                "leat-agent run --config agent.toml",
            .manual = agent::manual()};
}

base::Result<Config> load_config(const std::string& path) {
    auto settings = base::Settings::load(path);
    if (!settings) return settings.error();
    return agent::read_config(std::move(settings).value(), LEAT_VERSION);
}

int complain(const base::Error& error) {
    fmt::print(stderr, "{}\n", error.detail);
    return error.fault == base::Fault::misconfigured ? base::kExitMisconfigured : base::kExitFailed;
}

/// Says where the broker is not to be found and why: at once, at every new reason, and now and
/// then.
class BrokerNews {
  public:
    explicit BrokerNews(Instant now) : told_at_(now) {}

    void tell(const broker::PahoConnection& connection, const std::string& address, Instant now) {
        const bool is_up = connection.session() != 0;
        const auto trouble = is_up ? std::string{} : connection.trouble();
        const bool news = is_up != was_up_ || trouble != told_;
        if (!news && (is_up || now - told_at_ < kNewsEvery)) return;
        if (is_up) {
            base::log_info("broker is ready", {{"broker", address}});
        } else if (!trouble.empty()) {
            base::log_warn("no broker; readings are kept",
                           {{"broker", address}, {"reason", trouble}});
        }
        was_up_ = is_up;
        told_ = trouble;
        told_at_ = now;
    }

  private:
    bool was_up_ = false;
    std::string told_ = "not connected yet";
    Instant told_at_;
};

void reload(const std::string& path, agent::LogVolume& volume) {
    const auto config = load_config(path);
    if (!config) {
        base::log_error("SIGHUP: the configuration has errors; nothing was changed",
                        {{"reason", config.error().detail}});
        return;
    }
    volume.configure(config.value().log_level);
    base::log_info("SIGHUP: log.level was read again; every other change needs a restart",
                   {{"config", path}});
}

/// What the loop works with.
struct World {
    agent::Agent& agent;
    broker::PahoConnection& connection;
    const base::Clock& clock;
    base::StopSignals& signals;
    agent::LogVolume& volume;
    const agent::TrialWatch& watch_trial;
    const agent::ConfigTrial& trial;
};

/// The last words go out before the connection is closed, if the broker takes them in time.
void stop(const World& world) {
    const auto& clock = world.clock;
    const auto end = clock.instant() + kLastWords;
    world.agent.say_goodbye(clock.instant());
    auto& connection = world.connection;
    while (connection.session() != 0 && connection.in_flight() > 0 && clock.instant() < end) {
        connection.tick(clock.instant());
        base::pause_for(kPause);
    }
    connection.disconnect(kGoodbye);
}

void loop(const World& world, const std::string& address) {
    base::ServiceNotifier service;
    BrokerNews news(world.clock.instant());
    service.ready();
    while (!world.signals.stop_requested() && !world.watch_trial.wants_restart()) {
        const auto now = world.clock.instant();
        const bool more = world.agent.tick(now);
        news.tell(world.connection, address, now);
        if (world.signals.take_reload()) reload(world.trial.file(), world.volume);
        service.alive(now);
        if (!more) base::pause_for(kPause);
    }
    if (world.signals.stop_requested()) service.stopping();
    stop(world);
}

/// One life with one configuration: until the program is to stop, or to begin again.
base::Status live(const Config& config, base::StopSignals& signals, agent::ConfigTrial& trial) {
    agent::LogVolume volume(config.log_level);
    const base::SystemClock clock;
    auto outbox = agent::SqliteOutbox::open(config.outbox);
    if (!outbox) return outbox.error();
    auto& store = *outbox.value();
    // Drivers are made before the sampler that will know the newest values.
    const agent::Sampler* known = nullptr;
    auto sensors = agent::make_sensors(
        config, clock, [&](const std::string& sensor) { return store.position(sensor); },
        [&known](const std::string& series) -> std::optional<double> {
            return known != nullptr ? known->latest(series) : std::nullopt;
        });
    if (!sensors) return sensors.error();
    const auto count = sensors.value().size();
    base::Counters counters;
    const agent::KernelClockWatch watch(agent::read_clock_sources(clock.event_time()),
                                        config.before_sync,
                                        store.position(agent::kSyncedBootPosition).value_or(""));
    agent::Sampler sampler({}, std::move(sensors).value(), clock, watch, counters);
    known = &sampler;
    broker::PahoConnection connection(config.broker, base::entropy());
    agent::Agent agent(config.agent, clock, store, connection, sampler, watch, counters,
                       base::entropy());
    agent::CommandDesk desk({.node = config.agent.node,
                             .version = LEAT_VERSION,
                             .topics = config.agent.topics,
                             .commands = config.commands},
                            clock, connection, sampler, volume, counters);
    agent::TrialWatch watch_trial(
        trial, desk, connection,
        [&](const std::string& text) {
            return agent::check_change(
                config, text, std::filesystem::path{trial.config_path()}.filename().string());
        },
        clock.instant());
    agent::Discovery discovery(
        config.home_assistant,
        {.node = config.agent.node, .version = LEAT_VERSION, .topics = config.agent.topics},
        connection, sampler, counters, base::entropy());
    sampler.tell(&desk);
    agent.serve(desk);
    agent.serve(watch_trial);
    agent.serve(discovery);
    const auto extent = store.extent();
    base::log_info("agent starts", {{"node", config.agent.node},
                                    {"version", LEAT_VERSION},
                                    {"sensors", count},
                                    {"broker", config.broker.address},
                                    {"outbox", config.outbox.path},
                                    {"incarnation", wire::to_text(extent.incarnation)},
                                    {"head", extent.head},
                                    {"clock", wire::to_text(watch.state())},
                                    {"boot", watch.boot()}});
    loop({.agent = agent,
          .connection = connection,
          .clock = clock,
          .signals = signals,
          .volume = volume,
          .watch_trial = watch_trial,
          .trial = trial},
         config.broker.address);
    base::log_info("agent stops",
                   {{"head", store.extent().head}, {"applied", agent.uplink().applied()}});
    return base::Done{};
}

base::Status live_with(const std::string& file, base::StopSignals& signals,
                       agent::ConfigTrial& trial) {
    const auto config = load_config(file);
    return config ? live(config.value(), signals, trial) : config.error();
}

/// Lives once, and again with a new configuration whenever one is to be tried or taken back.
int run(const std::string& config_path) {
    base::StopSignals signals;  // Before any thread is started.
    agent::DurableFiles files;
    agent::ConfigTrial trial(config_path, files);
    while (!signals.stop_requested()) {
        const auto lived = live_with(trial.begin(), signals, trial);
        if (lived) continue;
        if (!trial.is_running()) return complain(lived.error());
        trial.roll_back("the agent could not start: " + lived.error().detail);
    }
    return base::kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
    const auto parsed = base::parse_command_line(command_spec(), argc, argv);
    if (parsed.exit_code >= 0) return parsed.exit_code;
    const auto& command = parsed.command;
    if (command.verb == "sample-config") {
        fmt::print("{}", agent::sample_config());
        return base::kExitOk;
    }
    if (command.verb == "decode") {
        return agent::decode_verb(command.option("sensor"), command.option("edges"));
    }
    if (command.verb == "probe") {
        return agent::probe({.config = command.option("config"),
                             .root = command.option("root"),
                             .version = LEAT_VERSION,
                             .json = command.flag("json")});
    }
    const auto path = command.option("config");
    if (command.verb == "run") return run(path);
    const auto config = load_config(path);
    if (!config) return complain(config.error());
    if (command.verb == "test") return agent::test_verb(config.value());
    fmt::print("{} is good: node {}, {} sensor{}\n", path, config.value().agent.node,
               config.value().sensors.size(), config.value().sensors.size() == 1 ? "" : "s");
    return base::kExitOk;
}
