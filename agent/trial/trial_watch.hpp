#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/commands/command_desk.hpp"
#include "agent/node/service.hpp"
#include "agent/trial/config_trial.hpp"

namespace agent {

/// Carries out `config`: begins the trial of a new configuration, confirms it when the centre has
/// acknowledged records, rolls it back when time is up, and answers the request. Restarts nothing
/// itself; its owner does.
class TrialWatch final : public Service {
  public:
    /// Whether a text may become the configuration, or every error in it.
    using Check = std::function<base::Status(const std::string& text)>;

    TrialWatch(ConfigTrial& trial, CommandDesk& desk, const broker::Connection& connection,
               Check check, base::Instant started);

    bool accept(const broker::Message&, ServedNode&, base::Instant) override { return false; }
    void tick(ServedNode& node, base::Instant now) override;
    void stop(base::Instant /*now*/) override {}

    /// The agent must stop and start again, with the file that ConfigTrial::begin() gives.
    bool wants_restart() const { return wants_restart_; }

  private:
    std::optional<Response> propose(const Request& request);
    void watch(const ServedNode& node, base::Instant now);
    void publish_outcome(base::Instant now);

    ConfigTrial& trial_;
    CommandDesk& desk_;
    const broker::Connection& connection_;
    Check check_;
    base::Instant started_;
    base::Instant checked_;
    bool wants_restart_ = false;

    std::uint64_t published_session_ = 0;  // In which the outcome was published.
    base::Instant published_at_;
};

}  // namespace agent
