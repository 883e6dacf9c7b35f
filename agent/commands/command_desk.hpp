#pragma once

#include <deque>
#include <functional>
#include <string>

#include "agent/commands/commands.hpp"
#include "agent/commands/inquiry.hpp"
#include "agent/commands/log_volume.hpp"
#include "agent/node/service.hpp"
#include "agent/sampling/sampler.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "wire/topic.hpp"

namespace agent {

struct CommandDeskOptions {
    std::string node;
    std::string version;
    wire::Topics topics{};
    CommandOptions commands{};

    std::size_t inquiries_max = 4;  // Reads under way; more are `busy`.
    std::size_t answers_max = 32;   // Waiting for the connection; beyond it the oldest is dropped.

    /// After this time the broker drops an answer that it could not deliver.
    base::Duration expiry = std::chrono::seconds{60};
};

/// Carries out the requests that Commands lets through, and publishes every answer. Does nothing
/// that no request has asked for. It must be the sampler's listener to answer a `read`.
class CommandDesk final : public Service, public SensorListener {
  public:
    /// Begins to try a configuration. Nothing when the response comes later.
    using Configure = std::function<std::optional<Response>(const Request&)>;

    CommandDesk(CommandDeskOptions options, const base::Clock& clock,
                broker::Connection& connection, Sampler& sampler, LogVolume& volume,
                base::Counters& counters);

    /// Sets who carries out `config`. Without it the request fails.
    void configure_with(Configure configure) { configure_ = std::move(configure); }

    bool accept(const broker::Message& message, ServedNode& node, base::Instant now) override;
    void tick(ServedNode& node, base::Instant now) override;
    void stop(base::Instant now) override;

    void on_reading(std::string_view sensor, const wire::LatestReading& reading,
                    base::Instant taken) override;
    void on_fault(std::string_view sensor, const std::string& reason, base::Instant taken) override;

    /// Answers a request that another part has carried out.
    void finish(const Request& request, Response response);

    /// A request from before a restart, which must not be carried out again.
    void resume(const Request& request) { commands_.resume(request); }

  private:
    void ignore(const char* reason);
    void begin(const Request& request, ServedNode& node, base::Instant now);
    std::optional<Response> carry_out(const Request& request, ServedNode& node, base::Instant now);
    std::optional<Response> read(const Request& request, base::Instant now);
    Response flush(ServedNode& node, base::Instant now) const;
    Response ping(const ServedNode& node) const;
    Response set_log_level(const Request& request, base::Instant now);
    void publish(Answer answer);
    void send_waiting();

    CommandDeskOptions options_;
    const base::Clock& clock_;
    broker::Connection& connection_;
    Sampler& sampler_;
    LogVolume& volume_;
    base::Counters& counters_;
    Configure configure_;

    std::string prefix_;  // What every request topic begins with.
    Commands commands_;
    std::deque<Inquiry> inquiries_;
    std::deque<Answer> waiting_;
};

}  // namespace agent
