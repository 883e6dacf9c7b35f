#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/outputs/homeassistant/homeassistant.hpp"
#include "central/alerts/outputs/mqtt/mqtt.hpp"
#include "central/alerts/outputs/settings.hpp"

namespace alerts {

/// Every way by which alerts leave, as configured. What is switched off and kept something at the
/// broker removes it there.
class Exits {
  public:
    Exits(const ExitOptions& options, const std::string& version, broker::Connection& connection,
          base::Counters& counters, std::uint64_t seed);

    /// Hands over what alerts are to be offered to. The outputs must live as long as this object is
    /// used.
    std::vector<std::unique_ptr<Output>> take_outputs() { return std::move(outputs_); }

    /// A node that has sent records; may be called again.
    void know(const std::string& node) { home_assistant_->know(node); }

    /// False for a message that concerns none of them.
    bool accept(const broker::Message& message);

    /// One bounded step of those that are switched off.
    void tick(base::Instant now);

  private:
    std::vector<std::unique_ptr<Output>> outputs_;
    std::vector<std::unique_ptr<Output>> removing_;  // Switched off.
    Mqtt* mqtt_ = nullptr;
    HomeAssistant* home_assistant_ = nullptr;
};

}  // namespace alerts
