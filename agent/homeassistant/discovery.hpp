#pragma once

#include <optional>
#include <string>

#include "agent/homeassistant/home_assistant.hpp"
#include "agent/node/service.hpp"
#include "agent/sampling/sampler.hpp"
#include "base/counters.hpp"
#include "base/random.hpp"
#include "broker/connection.hpp"

namespace agent {

struct DiscoveryOptions {
    bool discovery = false;
    std::string prefix = "homeassistant";

    /// How long to wait after a connection or a new series: more may follow at once.
    base::Duration settle = std::chrono::seconds{2};

    /// When Home Assistant starts, every node of the house hears of it at once: each waits for a
    /// random time, at most this long.
    base::Duration spread = std::chrono::seconds{10};

    base::Duration check_every = std::chrono::seconds{1};  // For new series.
};

/// Announces the node to Home Assistant: on every connection, when series appear, and when Home
/// Assistant says that it has started. Never withdraws an announcement.
class Discovery final : public Service {
  public:
    Discovery(DiscoveryOptions options, AnnouncedNode announced, broker::Connection& connection,
              const Sampler& sampler, base::Counters& counters, std::uint64_t seed);

    bool accept(const broker::Message& message, ServedNode& node, base::Instant now) override;
    void tick(ServedNode& node, base::Instant now) override;
    void stop(base::Instant /*now*/) override {}

    /// Where Home Assistant says that it has started.
    static std::string status_topic(const DiscoveryOptions& options) {
        return options.prefix + "/status";
    }

  private:
    void observe_series(base::Instant now);
    void announce();

    DiscoveryOptions options_;
    AnnouncedNode announced_;
    broker::Connection& connection_;
    const Sampler& sampler_;
    base::Counters& counters_;
    base::Random random_;
    std::string status_topic_;

    std::uint64_t session_ = 0;  // In which it was announced, or will be when due.
    std::size_t series_ = 0;     // How many were announced, or will be when due.
    std::optional<base::Instant> observed_;
    std::optional<base::Instant> due_;
};

}  // namespace agent
