#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/settings.hpp"
#include "broker/paho_connection.hpp"
#include "central/alerts/office/settings.hpp"
#include "central/alerts/outputs/settings.hpp"
#include "central/api/router.hpp"
#include "central/engine/engine.hpp"
#include "central/http/server.hpp"
#include "central/jobs/settings/job_spec.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/retention/keep.hpp"
#include "central/service/presence.hpp"
#include "central/sinks/sink_options.hpp"
#include "redis/client.hpp"

namespace central {

/// What central.toml says, checked.
struct Config {
    std::string file;  // Where it was read; empty when that was no file.
    std::string id;    // In the status topic and in the MQTT client id.
    broker::PahoOptions broker;
    redis::ClientOptions redis;
    PipelineOptions pipeline;
    engine::EngineOptions engine;
    sinks::SinkOptions sink;
    retention::KeepReadings keep;
    retention::KeepWindows keep_windows;
    std::vector<jobs::JobSpec> jobs;
    PresenceOptions presence;
    http::ServerOptions server;
    api::RouterOptions router;
    alerts::OfficeOptions alerts;
    alerts::ExitOptions exits;
    base::LogLevel log_level = base::LogLevel::info;
};

/// Reads central.toml. Misconfigured with every mistake in it, one a line. `host_name` is the
/// default of the id.
base::Result<Config> read_config(base::Settings settings, std::string_view host_name);

/// sample.toml
extern const std::string_view kSampleConfig;

/// What jobs need of it; but no clock.
jobs::Place place_of_jobs(const Config& config);

}  // namespace central
