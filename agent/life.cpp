#include "agent/life.hpp"

#include <filesystem>

#include "agent/trial/config_change.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "program/broker_news.hpp"
#include "program/checks.hpp"
#include "program/secrets.hpp"

namespace agent {

namespace {

using base::Duration;
using base::Instant;
using program::Next;

constexpr Duration kPause = std::chrono::milliseconds{20};
// Both waits and the last commit fit into the five seconds that a stop may take.
constexpr Duration kLastWords = std::chrono::seconds{2};
constexpr Duration kGoodbye = std::chrono::seconds{1};

CommandDeskOptions desk_options(const Config& config) {
    return {.node = config.agent.node,
            .version = config.agent.version,
            .topics = config.agent.topics,
            .commands = config.commands};
}

TrialWatch::Check change_check(const Config& config, const ConfigTrial& trial) {
    const auto name = std::filesystem::path{trial.config_path()}.filename().string();
    return [&config, name](const std::string& text) { return check_change(config, text, name); };
}

}  // namespace

base::Result<std::unique_ptr<Life>> Life::begin(const Config& config, ConfigTrial& trial,
                                                const base::Clock& clock) {
    base::set_log_level(config.log_level);
    program::warn_of_open_secrets(program::secrets_of(config.broker));
    auto outbox = delivery::SqliteOutbox::open(config.outbox);
    if (!outbox) return outbox.error();
    auto& store = *outbox.value();
    const auto sampler = std::make_shared<const Sampler*>(nullptr);
    auto sensors = make_sensors(
        config, clock, [&store](const std::string& sensor) { return store.position(sensor); },
        [sampler](const std::string& series) -> std::optional<double> {
            return *sampler != nullptr ? (*sampler)->latest(series) : std::nullopt;
        });
    if (!sensors) return sensors.error();
    return std::unique_ptr<Life>(new Life(config, trial, clock, std::move(outbox).value(),
                                          std::move(sensors).value(), sampler));
}

Life::Life(const Config& config, ConfigTrial& trial, const base::Clock& clock,
           std::unique_ptr<delivery::SqliteOutbox> outbox, std::vector<Sensor> sensors,
           const SamplerToCome& sampler_to_come)
    : config_(config),
      trial_(trial),
      clock_(clock),
      volume_(config.log_level),
      outbox_(std::move(outbox)),
      clock_watch_(read_clock_sources(clock.event_time()), config.before_sync,
                   outbox_->position(kSyncedBootPosition).value_or("")),
      sampler_({}, std::move(sensors), clock, clock_watch_, counters_),
      connection_(config.broker, base::entropy()),
      agent_(config.agent, clock, *outbox_, connection_, sampler_, clock_watch_, counters_,
             base::entropy()),
      desk_(desk_options(config), clock, connection_, sampler_, volume_, counters_),
      trial_watch_(trial, desk_, connection_, change_check(config, trial), clock.instant()),
      discovery_(config.home_assistant,
                 {.node = config.agent.node,
                  .version = config.agent.version,
                  .topics = config.agent.topics},
                 connection_, sampler_, counters_, base::entropy()) {
    *sampler_to_come = &sampler_;
    sampler_.set_listener(&desk_);
    agent_.register_service(desk_);
    agent_.register_service(trial_watch_);
    agent_.register_service(discovery_);
}

void Life::run(program::StopSignals& signals) {
    report_start();
    program::BrokerNews broker_news(connection_, config_.broker.address, clock_.instant());
    const auto ran =
        program::run_loop(clock_, signals, kPause, [&](Instant now) -> base::Result<Next> {
            if (trial_watch_.wants_restart()) return Next::leave;
            const bool has_more = agent_.tick(now);
            broker_news.tick(now);
            if (signals.take_reload()) reload();
            return has_more ? Next::tick : Next::pause;
        });
    ENSURE(ran);
    stop();
    base::log_info("agent stops",
                   {{"head", outbox_->extent().head}, {"applied", agent_.uplink().applied()}});
}

void Life::report_start() const {
    const auto extent = outbox_->extent();
    base::log_info("agent starts", {{"node", config_.agent.node},
                                    {"version", config_.agent.version},
                                    {"sensors", config_.sensors.size()},
                                    {"broker", config_.broker.address},
                                    {"outbox", config_.outbox.path},
                                    {"incarnation", wire::to_text(extent.incarnation)},
                                    {"head", extent.head},
                                    {"clock", wire::to_text(clock_watch_.state())},
                                    {"boot", clock_watch_.boot()}});
}

void Life::reload() {
    const auto config = load_config(trial_.file(), config_.agent.version);
    if (!config) {
        base::log_error("SIGHUP: the configuration has errors; nothing was changed",
                        {{"reason", config.error().detail}});
        return;
    }
    volume_.configure(config.value().log_level);
    base::log_info("SIGHUP: log.level was read again; every other change needs a restart",
                   {{"config", trial_.file()}});
}

/// Waits until the broker has accepted the last messages, before the connection is closed.
void Life::stop() {
    const auto end = clock_.instant() + kLastWords;
    agent_.say_goodbye(clock_.instant());
    while (connection_.session() != 0 && connection_.in_flight() > 0 && clock_.instant() < end) {
        connection_.tick(clock_.instant());
        base::pause_for(kPause);
    }
    connection_.disconnect(kGoodbye);
}

}  // namespace agent
