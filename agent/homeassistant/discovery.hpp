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

    /// After a connection or a new series: others may follow at once.
    base::Duration settle = std::chrono::seconds{2};

    /// After Home Assistant's start every node of the house hears the same word: each waits up to
    /// this long, by chance.
    base::Duration spread = std::chrono::seconds{10};

    base::Duration look_every = std::chrono::seconds{1};  // For new series.
};

/// Announces the node to Home Assistant: on every connection, when series appear, and when Home
/// Assistant says that it has started. Never takes an announcement back.
class Discovery final : public Service {
  public:
    Discovery(DiscoveryOptions options, AnnouncedNode announced, broker::Connection& connection,
              const Sampler& sampler, base::Counters& counters, std::uint64_t seed);

    bool take(const broker::Message& message, ServedNode& node, base::Instant now) override;
    void tick(ServedNode& node, base::Instant now) override;
    void stop(base::Instant /*now*/) override {}

    /// Where Home Assistant says that it has started.
    static std::string status_topic(const DiscoveryOptions& options) {
        return options.prefix + "/status";
    }

  private:
    void look(base::Instant now);
    void announce();

    DiscoveryOptions options_;
    AnnouncedNode announced_;
    broker::Connection& connection_;
    const Sampler& sampler_;
    base::Counters& counters_;
    base::Random random_;
    std::string status_topic_;

    std::uint64_t session_ = 0;  // That has heard it, or will when it is due.
    std::size_t series_ = 0;     // As many were announced, or will be.
    std::optional<base::Instant> looked_;
    std::optional<base::Instant> due_;
};

}  // namespace agent
