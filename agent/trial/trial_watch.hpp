#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/commands/command_desk.hpp"
#include "agent/node/service.hpp"
#include "agent/trial/config_trial.hpp"

namespace agent {

/// Carries out `config`: begins the trial of a new configuration, watches it, confirms it when the
/// centre has acknowledged, takes it back when the time is over, and tells who asked. The restarts
/// in between are its owner's.
class TrialWatch final : public Service {
  public:
    /// Whether a text may become the configuration; every error in it.
    using Check = std::function<base::Status(const std::string& text)>;

    TrialWatch(ConfigTrial& trial, CommandDesk& desk, const broker::Connection& connection,
               Check check, base::Instant started);

    bool take(const broker::Message&, ServedNode&, base::Instant) override { return false; }
    void tick(ServedNode& node, base::Instant now) override;
    void stop(base::Instant /*now*/) override {}

    /// The agent is to stop and begin again: with another file, or with the old one.
    bool wants_restart() const { return wants_restart_; }

  private:
    std::optional<Response> propose(const Request& request);
    void watch(const ServedNode& node, base::Instant now);
    void tell(base::Instant now);

    ConfigTrial& trial_;
    CommandDesk& desk_;
    const broker::Connection& connection_;
    Check check_;
    base::Instant started_;
    base::Instant looked_;
    bool wants_restart_ = false;

    std::uint64_t told_session_ = 0;  // Has heard the outcome.
    base::Instant told_;
};

}  // namespace agent
