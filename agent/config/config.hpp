#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/commands/commands.hpp"
#include "agent/homeassistant/discovery.hpp"
#include "agent/node/agent.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "broker/paho_connection.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "drivers/core/registry.hpp"

namespace agent {

/// A [[sensor]] table that has been checked; its driver is not made yet.
struct SensorConfig {
    std::string name;
    const drivers::DriverKind* kind = nullptr;
    base::Duration period{};
    Filters filters;
    std::string location;
    std::vector<std::string> tags;
    base::Settings settings;
};

/// What agent.toml says, checked.
struct Config {
    AgentOptions agent;
    delivery::SqliteOutboxOptions outbox;
    broker::PahoOptions broker;
    BeforeSync before_sync = BeforeSync::automatic;
    base::LogLevel log_level = base::LogLevel::info;
    CommandOptions commands;
    DiscoveryOptions home_assistant;
    std::string location;           // Of the sensors that do not say their own.
    std::vector<std::string> tags;  // As well.
    std::vector<SensorConfig> sensors;
};

/// Reads agent.toml, the drivers' keys included. Misconfigured with every mistake in it, one a
/// line. Opens nothing.
base::Result<Config> read_config(base::Settings settings, const std::string& version);
base::Result<Config> load_config(const std::string& file, const std::string& version);

/// The committed position of a sensor that can be read again; nothing for a new one.
using Positions = std::function<std::optional<std::string>(const std::string& sensor)>;

/// The newest value of a series of this node, for drivers that use it to correct their own.
using Latest = std::function<std::optional<double>(const std::string& series)>;

/// Makes one driver. Misconfigured if the operator must change something (a missing file);
/// otherwise the driver's own fault. The detail names the sensor and its place in the file.
base::Result<Sensor> make_sensor(const Config& config, const SensorConfig& sensor,
                                 const base::Clock& clock, const Positions& positions,
                                 const Latest& latest = {});

/// Makes them all. A sensor whose device is absent or busy (Fault::transient) does not stop the
/// others: it is tried again every 30 s (RetriedDriver). `config` must outlive the sensors.
base::Result<std::vector<Sensor>> make_sensors(const Config& config, const base::Clock& clock,
                                               const Positions& positions,
                                               const Latest& latest = {});

}  // namespace agent
