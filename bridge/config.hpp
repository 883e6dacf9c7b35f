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

/// What bridge.toml says, checked.
struct Config {
    BridgeOptions bridge;
    broker::PahoOptions broker;
    redis::ClientOptions redis;
    RedisStoreOptions store;
    base::LogLevel log_level = base::LogLevel::info;
};

/// Reads bridge.toml. Misconfigured with every mistake in it, one a line. `host_name` is the
/// default of the id; `version` is this program's.
base::Result<Config> read_config(base::Settings settings, std::string_view host_name,
                                 const std::string& version);

}  // namespace bridge
