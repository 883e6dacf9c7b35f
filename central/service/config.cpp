#include "central/service/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/retention/settings.hpp"
#include "central/service/detect_settings.hpp"
#include "central/service/own_status.hpp"
#include "central/validation/rules_reader.hpp"
#include "postgres/options.hpp"
#include "program/settings.hpp"
#include "wire/topic.hpp"

namespace central {

namespace {

using namespace std::chrono_literals;

constexpr const char* kDatabase = "/var/lib/leat/central/leat.db";

std::uint32_t read_partitions(base::Settings settings) {
    return static_cast<std::uint32_t>(
        settings.integer("partitions", PipelineOptions{}.partitions, 1, 4096));
}

/// A file, unless a server is named.
sinks::Address read_address(base::Settings settings) {
    settings.advise("password",
                    "write it into a file of its own, chmod 600, and password_file = "
                    "\"/etc/leat/postgresql.password\"");
    const auto path = settings.text("path", kDatabase);
    const auto server = settings.text("database", "");
    auto password_file = settings.text("password_file", "");
    if (server.empty()) {
        if (path.empty()) settings.refuse("path", "sink.path is empty: it names a file");
        if (!password_file.empty()) {
            settings.refuse("password_file", "sink.password_file belongs to a sink.database");
        }
        return path;
    }
    if (settings.has("path")) {
        settings.refuse("database", "sink.path and sink.database are two databases: remove one");
    }
    if (const auto named = postgres::name_of(server); !named) {
        settings.refuse("database", "sink.database: " + named.error().detail +
                                        "; write it like \"postgresql://leat@db.example/leat\"");
    } else if (postgres::has_password(server)) {
        settings.refuse("database",
                        "sink.database has a password, which everybody reads here: "
                        "write it into a file of its own, chmod 600, and "
                        "password_file = \"/etc/leat/postgresql.password\"");
    }
    return sinks::Address::server(server, std::move(password_file));
}

/// The API, the page and the views show minutes and hours, so these are always there.
void read_windows(base::Settings settings, Config& config) {
    auto& spans = config.engine.spans;
    const auto words = settings.texts("lengths");
    if (!words.empty()) spans.clear();
    for (const auto& word : words) {
        const auto span = base::parse_duration(word);
        if (!span || span.value() < 1s || span.value() > 31 * 24h) {
            settings.refuse("lengths", "windows.lengths: \"" + word +
                                           "\" is no length; write some like \"10s\", \"15m\", "
                                           "\"1h\" or \"1d\", 31d at most");
            return;
        }
        spans.push_back(span.value());
    }
    std::sort(spans.begin(), spans.end());
    for (const auto& [needed, word] : {std::pair{base::Duration{1min}, "1m"}, {1h, "1h"}}) {
        if (std::find(spans.begin(), spans.end(), needed) != spans.end()) continue;
        settings.refuse("lengths", fmt::format("windows.lengths lacks \"{}\", which the page and "
                                               "the API always show",
                                               word));
        return;
    }
    config.engine.sketches_from =
        settings.duration("quantiles_from", config.engine.sketches_from, 1s, 31 * 24h);
    if (const auto checked = engine::check(config.engine); !checked) {
        settings.refuse("lengths", "windows.lengths: " + checked.error().detail);
    }
    config.sink.spans = spans;
}

void read_api(base::Settings settings, Config& config) {
    for (const char* key : {"host", "port", "bind", "address"}) {
        settings.advise(key, "write listen = \"127.0.0.1:8080\"");
    }
    auto& server = config.server;
    server.vital_paths = {"/healthz", "/metrics"};
    server.listen = settings.text("listen", server.listen);
    server.allow_remote = settings.boolean("allow_remote", server.allow_remote);
    server.connections_max = static_cast<std::size_t>(settings.integer(
        "connections_max", static_cast<std::int64_t>(server.connections_max), 4, 10'000));
    server.connections_per_peer_max = static_cast<std::size_t>(
        settings.integer("connections_per_peer_max",
                         static_cast<std::int64_t>(server.connections_per_peer_max), 1, 10'000));
    if (const auto checked = http::Server::check(server); !checked) {
        settings.refuse("listen", "api.listen: " + checked.error().detail);
    }
    config.router.subscribers_max = static_cast<std::size_t>(settings.integer(
        "subscribers_max", static_cast<std::int64_t>(config.router.subscribers_max), 1, 10'000));
    config.router.hosts = settings.texts("hosts");
}

void read_limits(base::Settings settings, Config& config) {
    auto& engine = config.engine;
    engine.series_per_node_max = static_cast<std::size_t>(settings.integer(
        "series_per_node", static_cast<std::int64_t>(engine.series_per_node_max), 1, 10'000));
    engine.unplaced_per_node_max = static_cast<std::size_t>(
        settings.integer("unplaced_per_node",
                         static_cast<std::int64_t>(engine.unplaced_per_node_max), 0, 10'000'000));
    engine.future_max = settings.duration("future", engine.future_max, 1s, 24h);
    engine.watermark_bound = settings.duration("lateness", engine.watermark_bound, 0s, 1h);
    config.router.watermark_bound = engine.watermark_bound;
    config.presence.nodes_max = static_cast<std::size_t>(settings.integer(
        "nodes", static_cast<std::int64_t>(config.presence.nodes_max), 1, 1'000'000));
    config.sink.quarantine_max = static_cast<std::uint64_t>(settings.integer(
        "quarantine", static_cast<std::int64_t>(config.sink.quarantine_max), 1, 1'000'000));
}

/// What the connection needs besides its settings: who we are, the will, the subscriptions.
void complete(Config& config) {
    const wire::Topics topics{config.presence.topic_root};
    config.broker.client_id = "leat-central-" + config.id;
    config.broker.will = broker::Outgoing{.topic = topics.program_status("central", config.id),
                                          .payload = OwnStatus::will(),
                                          .qos = 1,
                                          .retain = true,
                                          .expiry = {}};
    config.broker.subscriptions = {{.filter = topics.status_filter(), .qos = 1},
                                   {.filter = topics.program_status("bridge", "+"), .qos = 1}};
    alerts::complete(config.exits, config.presence.topic_root, config.id);
    for (auto& subscription : alerts::subscriptions_of(config.exits)) {
        config.broker.subscriptions.push_back(std::move(subscription));
    }
    // When we connect, the broker sends the retained status of every node at once, and what it
    // holds of our alerts.
    config.broker.incoming_max = 2 * config.presence.nodes_max + 1024;
}

}  // namespace

jobs::Place place_of_jobs(const Config& config) {
    return {.database = config.sink.path,
            .spans = config.engine.spans,
            .keep = config.keep,
            .watermark_bound = config.engine.watermark_bound,
            .broker = config.broker,
            .topic_root = config.presence.topic_root,
            .series_max = config.engine.series_per_node_max};
}

base::Result<Config> read_config(base::Settings settings, std::string_view host_name) {
    Config config;
    config.id = program::read_id(settings.table("central"), host_name, "central-1");
    auto broker = settings.table("broker");
    config.broker = broker::read_broker_settings(broker);
    auto redis = settings.table("redis");
    config.redis = redis::read_redis_settings(redis);
    config.pipeline.partitions = read_partitions(settings.table("store"));
    config.sink.path = read_address(settings.table("sink"));
    auto windows = settings.table("windows");
    read_windows(windows, config);
    config.keep_windows = retention::read_keep_windows(windows.table("keep"), config.engine.spans);
    config.keep = retention::read_keep(settings.table("readings"));
    config.engine.singles = config.keep.singles();
    config.sink.singles = config.keep.words();
    read_detection(settings, config.engine, config.pipeline);
    read_api(settings.table("api"), config);
    read_limits(settings.table("limits"), config);
    config.alerts = alerts::read_alert_settings(settings.table("alerts"));
    config.exits = alerts::read_exits(settings.table("alerts"));
    // Where there are no alerts, none may stay at the broker.
    if (!config.alerts.is_enabled) alerts::switch_off(config.exits);
    config.engine.rules = validation::read_rules(settings.tables("validate"));
    config.presence.topic_root = program::read_topic_root(settings.table("topics"));
    config.jobs = jobs::read_jobs(settings, place_of_jobs(config));
    config.log_level = program::read_log_level(settings.table("log"));
    if (auto checked = settings.check(); !checked) return checked.error();
    complete(config);
    return config;
}

}  // namespace central
