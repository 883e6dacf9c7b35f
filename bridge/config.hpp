#pragma once

#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "bridge/bridge.hpp"
#include "bridge/redis_store.hpp"
#include "broker/paho_connection.hpp"
#include "redis/client.hpp"

namespace bridge {

/// Everything leat-bridge is told by its configuration file.
struct Config {
    BridgeOptions bridge;
    broker::PahoOptions broker;
    redis::ClientOptions redis;
    RedisStoreOptions store;
    base::LogLevel log_level = base::LogLevel::info;
};

/// Reads and checks everything at once. `host_name` is the default of the bridge's id.
base::Result<Config> read_config(base::Settings settings, std::string_view host_name);

/// A name that is fit for a topic level: lower-case letters, digits and dashes.
std::string make_safe_id(std::string_view name);

}  // namespace bridge
