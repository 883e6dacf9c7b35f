#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "base/command_line.hpp"
#include "base/log.hpp"
#include "base/notify.hpp"
#include "base/random.hpp"
#include "base/signals.hpp"
#include "bridge/bridge.hpp"
#include "bridge/config.hpp"
#include "bridge/embedded.hpp"
#include "bridge/redis_store.hpp"
#include "broker/paho_connection.hpp"
#include "redis/client.hpp"

namespace {

using base::Duration;
using bridge::Config;

/// With nothing to do: short enough for a quick answer, long enough to cost nothing.
constexpr Duration kPause = std::chrono::milliseconds{2};
constexpr Duration kGoodbye = std::chrono::seconds{2};

base::CommandSpec command_spec() {
    const base::CommandOption config{
        .name = "config", .help = "The configuration file", .fallback = "/etc/leat/bridge.toml"};
    return {.program = "leat-bridge",
            .version = LEAT_VERSION,
            .about = "Carries batches from the MQTT broker into Redis and acknowledges them.",
            .verbs = {{"run", "Bridge until stopped", {config}},
                      {"test", "Try the broker and Redis and say what is good and bad", {config}},
                      {"validate", "Check the configuration file", {config}},
                      {"sample-config", "Print a commented configuration file", {}}},
            .examples =
                "leat-bridge sample-config > bridge.toml\n"
                "leat-bridge test --config bridge.toml\n"
                "leat-bridge run --config bridge.toml",
            .manual = {{.title = "CONFIGURATION",
                        .text = "What sample-config prints:",
                        .sample = std::string{bridge::kSampleConfig}}}};
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

base::Result<Config> load_config(const std::string& path) {
    auto settings = base::Settings::load(path);
    if (!settings) return settings.error();
    return bridge::read_config(std::move(settings).value(), host_name());
}

std::string new_lineage() {
    return fmt::format("{:016x}{:016x}", base::entropy(), base::entropy());
}

/// Tells once when the broker goes away, and once when it is back.
class BrokerNews {
  public:
    void tell(const broker::PahoConnection& connection, const std::string& address) {
        const auto trouble = connection.trouble();
        if (trouble == told_) return;
        told_ = trouble;
        if (trouble.empty()) {
            base::log_info("broker is ready", {{"broker", address}});
        } else {
            base::log_warn("broker cannot be used", {{"broker", address}, {"reason", trouble}});
        }
    }

  private:
    std::string told_ = "not connected yet";
};

/// Tells what is doubtful about Redis, once for each connection and when it changes.
class RedisNews {
  public:
    void tell(const bridge::ServerFacts& facts) {
        if (facts.session == session_ && facts.warnings == told_) return;
        session_ = facts.session;
        told_ = facts.warnings;
        for (const auto& warning : told_) base::log_warn("redis is doubtful", {{"why", warning}});
    }

  private:
    std::uint64_t session_ = 0;
    std::vector<std::string> told_;
};

int run(Config config) {
    base::set_log_level(config.log_level);
    config.bridge.version = LEAT_VERSION;
    const base::StopSignals signals;
    const base::SystemClock clock;
    base::ServiceNotifier service;
    redis::Client client(config.redis);
    bridge::RedisStore store(client, clock, config.store, new_lineage());
    broker::PahoConnection connection(config.broker, base::entropy());
    bridge::Bridge bridge(config.bridge, connection, store, clock, base::entropy());
    BrokerNews news;
    RedisNews redis_news;
    base::log_info("bridge starts", {{"id", config.bridge.id},
                                     {"version", LEAT_VERSION},
                                     {"broker", config.broker.address},
                                     {"redis", client.address()}});
    service.ready();
    while (!signals.stop_requested()) {
        const auto now = clock.instant();
        if (const auto ticked = bridge.tick(now); !ticked) {
            base::log_error("an operator must help",
                            {{"redis", client.address()}, {"reason", ticked.error().detail}});
            bridge.say_goodbye();
            connection.disconnect(kGoodbye);
            return base::kExitMisconfigured;
        }
        news.tell(connection, config.broker.address);
        redis_news.tell(store.facts());
        service.alive(now);
        if (bridge.idle()) base::pause_for(kPause);
    }
    service.stopping();
    bridge.say_goodbye();
    connection.disconnect(kGoodbye);
    base::log_info("bridge stops");
    return base::kExitOk;
}

void tell(bool is_good, const std::string& what) {
    fmt::print("{}  {}\n", is_good ? "good" : "bad ", what);
}

bool test_redis(const Config& config, const base::Clock& clock) {
    redis::Client client(config.redis);
    bridge::RedisStore store(client, clock, config.store, new_lineage());
    const auto checked = store.check();
    if (!checked) {
        tell(false, fmt::format("redis at {}: {}", client.address(), checked.error().detail));
        return false;
    }
    const auto& facts = store.facts();
    tell(true, fmt::format("redis at {}: version {}, {}", client.address(), facts.version,
                           facts.waits_for_disk ? "waits for the disk with WAITAOF"
                                                : "answers when the disk has it"));
    for (const auto& warning : facts.warnings) fmt::print("note  {}\n", warning);
    return true;
}

bool test_broker(const Config& config, const base::Clock& clock) {
    auto options = config.broker;
    // A guest: no will, no share of the messages, and no other client is pushed aside.
    options.will.reset();
    options.subscriptions.clear();
    options.client_id += "-test";
    broker::PahoConnection connection(options, base::entropy());
    const auto end = clock.instant() + options.connect_timeout;
    while (connection.session() == 0 && clock.instant() < end) {
        connection.tick(clock.instant());
        base::pause_for(kPause);
    }
    const bool is_good = connection.session() != 0;
    tell(is_good, fmt::format("broker at {}: {}", options.address,
                              is_good ? "connected" : connection.trouble()));
    connection.disconnect(kGoodbye);
    return is_good;
}

int test(const Config& config) {
    base::set_log_level(base::LogLevel::warn);
    const base::StopSignals signals;
    const base::SystemClock clock;
    const bool has_broker = test_broker(config, clock);
    const bool has_redis = test_redis(config, clock);
    return has_broker && has_redis ? base::kExitOk : base::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
    const auto parsed = base::parse_command_line(command_spec(), argc, argv);
    if (parsed.exit_code >= 0) return parsed.exit_code;
    const auto& command = parsed.command;
    if (command.verb == "sample-config") {
        fmt::print("{}", bridge::kSampleConfig);
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
