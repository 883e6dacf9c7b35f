#include "bridge/config.hpp"

#include <algorithm>

#include "wire/limits.hpp"
#include "wire/topic.hpp"

namespace bridge {

namespace {

/// A stream must have room for a whole batch and a gap entry, or its node would wait for ever.
constexpr std::int64_t kCapMin = 1'000;
static_assert(kCapMin > wire::kBatchRecordsMax);

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

BridgeOptions read_bridge(base::Settings settings, std::string_view host_name) {
    BridgeOptions options;
    options.id = settings.text("id", make_safe_id(host_name));
    if (make_safe_id(options.id) != options.id) {
        settings.refuse("id", "may hold a-z, 0-9 and dashes only, not first, at most 63");
    }
    return options;
}

RedisStoreOptions read_store(base::Settings settings) {
    RedisStoreOptions options;
    options.partitions =
        static_cast<std::uint32_t>(settings.integer("partitions", options.partitions, 1, 4096));
    options.cap = static_cast<std::uint64_t>(
        settings.integer("cap", static_cast<std::int64_t>(options.cap), kCapMin, 1'000'000'000));
    options.durability = settings.choice("durability", "disk", {"disk", "memory"}) == "disk"
                             ? Durability::disk
                             : Durability::memory;
    options.dead_letters_max = static_cast<std::uint64_t>(settings.integer(
        "dead_letters_max", static_cast<std::int64_t>(options.dead_letters_max), 1, 100'000));
    return options;
}

std::string read_topic_root(base::Settings settings) {
    auto root = settings.text("root", "leat/v1");
    if (!wire::is_topic_root(root)) {
        settings.refuse("root", "is no topic: levels joined by slashes, without + and #");
    }
    return root;
}

base::LogLevel read_log_level(base::Settings settings) {
    const auto word = settings.choice("level", "info", {"debug", "info", "warn", "error"});
    const auto level = base::parse_log_level(word);
    return level ? level.value() : base::LogLevel::info;
}

/// What the bridge says to the broker besides its settings: who it is, its will, what it wants.
void complete(broker::PahoOptions& broker, const BridgeOptions& bridge) {
    const wire::Topics topics{bridge.topic_root};
    if (broker.client_id.empty()) broker.client_id = "leat-bridge-" + bridge.id;
    broker.will = broker::Outgoing{.topic = topics.program_status("bridge", bridge.id),
                                   .payload = encode_will(),
                                   .qos = 1,
                                   .retain = true,
                                   .expiry = {}};
    broker.subscriptions = {{.filter = topics.shared_data_filter(), .qos = 1}};
}

}  // namespace

std::string make_safe_id(std::string_view name) {
    std::string id;
    for (const char c : name.substr(0, wire::kNameBytesMax)) {
        const auto lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (is_letter_or_digit(lower)) {
            id += lower;
        } else if (!id.empty()) {
            id += '-';
        }
    }
    return id.empty() ? "bridge-1" : id;
}

base::Result<Config> read_config(base::Settings settings, std::string_view host_name) {
    Config config;
    config.bridge = read_bridge(settings.table("bridge"), host_name);
    auto broker = settings.table("broker");
    config.broker = broker::read_broker_settings(broker);
    auto redis = settings.table("redis");
    config.redis = redis::read_redis_settings(redis);
    config.store = read_store(settings.table("store"));
    config.bridge.topic_root = read_topic_root(settings.table("topics"));
    config.log_level = read_log_level(settings.table("log"));
    if (auto checked = settings.check(); !checked) return checked.error();
    complete(config.broker, config.bridge);
    return config;
}

}  // namespace bridge
