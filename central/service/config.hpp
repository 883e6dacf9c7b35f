#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/settings.hpp"
#include "broker/paho_connection.hpp"
#include "central/api/http_server.hpp"
#include "central/api/router.hpp"
#include "central/engine/engine.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/service/presence.hpp"
#include "central/sinks/sqlite_sink.hpp"
#include "redis/client.hpp"

namespace central {

/// Everything that central.toml says, checked.
struct Config {
    std::string id;  // Of this central, in its status topic and as MQTT client id.
    broker::PahoOptions broker;
    redis::ClientOptions redis;
    PipelineOptions pipeline;
    engine::EngineOptions engine;
    sinks::SqliteSinkOptions sink;
    PresenceOptions presence;
    api::ServerOptions server;
    api::RouterOptions router;
    base::LogLevel log_level = base::LogLevel::info;
};

/// Reads central.toml. Misconfigured with every error that there is, one a line.
base::Result<Config> read_config(base::Settings settings, std::string_view host_name);

/// sample.toml, which is part of the program.
extern const std::string_view kSampleConfig;

}  // namespace central
