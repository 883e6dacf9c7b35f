#include "bridge/config.hpp"

#include "program/settings.hpp"
#include "wire/limits.hpp"
#include "wire/topic.hpp"

namespace bridge {

namespace {

/// A stream must have room for a whole batch and a gap entry, or its node would wait forever.
constexpr std::int64_t kCapMin = 1'000;
static_assert(kCapMin > wire::kBatchRecordsMax);

RedisStoreOptions read_store(base::Settings settings) {
    RedisStoreOptions options;
    options.partitions =
        static_cast<std::uint32_t>(settings.integer("partitions", options.partitions, 1, 4096));
    options.cap = static_cast<std::uint64_t>(
        settings.integer("cap", static_cast<std::int64_t>(options.cap), kCapMin, 1'000'000'000));
    options.durability = settings.choice("durability", "disk", {"disk", "memory"}) == "disk"
                             ? Durability::disk
                             : Durability::memory;
    options.nodes_max = static_cast<std::uint64_t>(
        settings.integer("nodes", static_cast<std::int64_t>(options.nodes_max), 1, 1'000'000));
    options.dead_letters_max = static_cast<std::uint64_t>(settings.integer(
        "dead_letters_max", static_cast<std::int64_t>(options.dead_letters_max), 1, 100'000));
    return options;
}

/// What the connection needs besides its settings: who we are, the will, the subscriptions.
void complete(broker::PahoOptions& broker, const BridgeOptions& bridge) {
    const wire::Topics topics{bridge.topic_root};
    broker.client_id = "leat-bridge-" + bridge.id;
    broker.will = broker::Outgoing{.topic = topics.program_status("bridge", bridge.id),
                                   .payload = encode_will(),
                                   .qos = 1,
                                   .retain = true,
                                   .expiry = {}};
    broker.subscriptions = {{.filter = topics.shared_data_filter(), .qos = 1}};
}

}  // namespace

base::Result<Config> read_config(base::Settings settings, std::string_view host_name,
                                 const std::string& version) {
    Config config;
    config.bridge.version = version;
    config.bridge.id = program::read_id(settings.table("bridge"), host_name, "bridge-1");
    auto broker = settings.table("broker");
    config.broker = broker::read_broker_settings(broker);
    auto redis = settings.table("redis");
    config.redis = redis::read_redis_settings(redis);
    config.store = read_store(settings.table("store"));
    config.bridge.topic_root = program::read_topic_root(settings.table("topics"));
    config.log_level = program::read_log_level(settings.table("log"));
    if (auto checked = settings.check(); !checked) return checked.error();
    complete(config.broker, config.bridge);
    return config;
}

}  // namespace bridge
