#include <fmt/format.h>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/reminder.hpp"
#include "bridge/bridge.hpp"
#include "bridge/config.hpp"
#include "bridge/embedded.hpp"
#include "bridge/redis_store.hpp"
#include "broker/paho_connection.hpp"
#include "program/broker_news.hpp"
#include "program/checks.hpp"
#include "program/loop.hpp"
#include "program/print.hpp"
#include "program/secrets.hpp"
#include "program/settings.hpp"
#include "program/shell.hpp"
#include "redis/client.hpp"

namespace {

using base::Duration;
using base::Instant;
using bridge::Config;
using program::Next;

/// With nothing to do: short enough for a quick answer, long enough to cost nothing.
constexpr Duration kPause = std::chrono::milliseconds{2};
constexpr Duration kGoodbye = std::chrono::seconds{2};

base::Result<Config> load(const std::string& file) {
    return program::load_config(file, [](base::Settings settings) {
        return bridge::read_config(std::move(settings), program::host_name(), LEAT_VERSION);
    });
}

std::string new_lineage() {
    return fmt::format("{:016x}{:016x}", base::entropy(), base::entropy());
}

/// Reports in the log what is doubtful about Redis: once a connection, and when it changes.
class RedisNews {
  public:
    void tick(const bridge::ServerFacts& facts, Instant now) {
        const auto warnings = fmt::format("{}", fmt::join(facts.warnings, "; "));
        const auto news = warnings.empty() ? "" : fmt::format("{}: {}", facts.session, warnings);
        if (!reminder_.is_due(news, now)) return;
        for (const auto& warning : facts.warnings) {
            base::log_warn("redis is doubtful", {{"why", warning}});
        }
    }

  private:
    base::Reminder reminder_;
};

int run(const Config& config) {
    base::set_log_level(config.log_level);
    program::warn_of_open_secrets(program::secrets_of(config.broker));
    program::warn_of_open_secrets({config.redis.password_file});
    const program::StopSignals signals;  // Before any thread is started.
    const base::SystemClock clock;
    redis::Client client(config.redis);
    bridge::RedisStore store(client, clock, config.store, new_lineage());
    broker::PahoConnection connection(config.broker, base::entropy());
    bridge::Bridge bridge(config.bridge, connection, store, clock, base::entropy());
    program::BrokerNews broker_news(connection, config.broker.address, clock.instant());
    RedisNews redis_news;
    base::log_info("bridge starts", {{"id", config.bridge.id},
                                     {"version", config.bridge.version},
                                     {"broker", config.broker.address},
                                     {"redis", client.address()}});
    const auto ran =
        program::run_loop(clock, signals, kPause, [&](Instant now) -> base::Result<Next> {
            if (const auto ticked = bridge.tick(now); !ticked) return ticked.error();
            broker_news.tick(now);
            redis_news.tick(store.facts(), now);
            return bridge.idle() ? Next::pause : Next::tick;
        });
    if (!ran) {
        base::log_error("an operator must help",
                        {{"redis", client.address()}, {"reason", ran.error().detail}});
    }
    bridge.say_goodbye();
    connection.disconnect(kGoodbye);
    if (!ran) return program::exit_code_of(ran.error().fault);
    base::log_info("bridge stops");
    return program::kExitOk;
}

bool check_redis(const Config& config, const base::Clock& clock) {
    redis::Client client(config.redis);
    bridge::RedisStore store(client, clock, config.store, new_lineage());
    const auto where = fmt::format("redis at {}", client.address());
    if (const auto checked = store.check(); !checked) {
        return program::print_check(false, fmt::format("{}: {}", where, checked.error().detail));
    }
    const auto& facts = store.facts();
    program::print_check(true, fmt::format("{}: version {}, {}", where, facts.version,
                                           facts.waits_for_disk ? "waits for the disk with WAITAOF"
                                                                : "answers when the disk has it"));
    program::print_notes(facts.warnings);
    program::print_notes(program::open_secrets({config.redis.password_file}));
    return true;
}

int test(const Config& config) {
    base::set_log_level(base::LogLevel::warn);
    const program::StopSignals signals;
    const base::SystemClock clock;
    const bool has_broker = program::check_broker(config.broker, clock);
    const bool has_redis = check_redis(config, clock);
    return has_broker && has_redis ? program::kExitOk : program::kExitFailed;
}

program::CommandSpec command_spec() {
    const program::ConfiguredVerbs<Config> configured("/etc/leat/bridge.toml", load);
    const std::string sample{bridge::kSampleConfig};
    return {.program = "leat-bridge",
            .version = LEAT_VERSION,
            .about = "Carries batches from the MQTT broker into Redis and acknowledges them.",
            .verbs = {configured.verb("run", "Bridge until stopped", run),
                      configured.verb("test", "Try the broker and Redis", test),
                      configured.validate(), program::sample_config_verb(sample)},
            .examples =
                "leat-bridge sample-config > bridge.toml\n"
                "leat-bridge test --config bridge.toml\n"
                "leat-bridge run --config bridge.toml",
            .manual = {program::configuration_section(sample)},
            .date = LEAT_DATE};
}

}  // namespace

int main(int argc, char** argv) {
    return program::run(command_spec(), argc, argv);
}
