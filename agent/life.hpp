#pragma once

#include <memory>
#include <vector>

#include "agent/commands/command_desk.hpp"
#include "agent/config/config.hpp"
#include "agent/homeassistant/discovery.hpp"
#include "agent/node/agent.hpp"
#include "agent/trial/config_trial.hpp"
#include "agent/trial/trial_watch.hpp"
#include "base/counters.hpp"
#include "broker/paho_connection.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "program/loop.hpp"

namespace agent {

/// One life of a node: all its parts, wired together over the real world for one configuration.
/// Ends when the program is to stop, and when another configuration is to be tried or rolled back.
class Life {
  public:
    /// Opens the outbox and makes the drivers. All arguments must outlive the life.
    static base::Result<std::unique_ptr<Life>> begin(const Config& config, ConfigTrial& trial,
                                                     const base::Clock& clock);

    /// Samples and sends to the end of this life, then says goodbye.
    void run(program::StopSignals& signals);

  private:
    /// Drivers are made before the sampler that will know the newest values.
    using SamplerToCome = std::shared_ptr<const Sampler*>;

    Life(const Config& config, ConfigTrial& trial, const base::Clock& clock,
         std::unique_ptr<delivery::SqliteOutbox> outbox, std::vector<Sensor> sensors,
         const SamplerToCome& sampler_to_come);

    void report_start() const;
    void reload();
    void stop();

    const Config& config_;
    ConfigTrial& trial_;
    const base::Clock& clock_;
    LogVolume volume_;
    std::unique_ptr<delivery::SqliteOutbox> outbox_;
    base::Counters counters_;
    KernelClockWatch clock_watch_;
    Sampler sampler_;
    broker::PahoConnection connection_;
    Agent agent_;
    CommandDesk desk_;
    TrialWatch trial_watch_;
    Discovery discovery_;
};

}  // namespace agent
