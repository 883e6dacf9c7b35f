#pragma once

#include <string>
#include <vector>

#include "agent/node/committer.hpp"
#include "agent/node/outbox_watch.hpp"
#include "agent/node/service.hpp"
#include "agent/node/status_board.hpp"
#include "agent/sampling/sampler.hpp"
#include "base/backoff.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/uplink/uplink.hpp"
#include "wire/status.hpp"
#include "wire/topic.hpp"

namespace agent {

struct AgentOptions {
    std::string node;
    std::string version;
    wire::Topics topics{};

    /// Readings younger than this live in memory only: the stated loss window.
    base::Duration flush_every = std::chrono::seconds{2};
    /// What is urgent is committed at once, but not more often than this.
    base::Duration urgent_every = std::chrono::milliseconds{500};

    base::Duration status_every = std::chrono::seconds{30};
    base::Duration state_every = std::chrono::seconds{2};  // At most, and only when it changed.

    /// What the card endures, in bytes: its maker's "TBW". 0: not known.
    std::uint64_t card_endurance = 0;
    /// Where the kernel counts what this process writes; empty: nowhere.
    std::string write_counts = "/proc/self/io";

    /// Sources that can wait do so while more than this share of the quota is not settled.
    std::uint64_t high_water_percent = 33;

    /// Series are declared again after records were evicted, at most this often.
    base::Duration redeclare_every = std::chrono::minutes{10};

    /// After a failed commit.
    base::BackoffOptions commit_backoff{.first = std::chrono::milliseconds{500},
                                        .longest = std::chrono::seconds{30}};
    delivery::UplinkOptions uplink{};  // Node and topic are filled in.
};

/// The last will that the connection leaves with the broker: retained status `lost`.
broker::Outgoing will_of(const AgentOptions& options);

/// The node as a whole: samples, commits, sends, and publishes its status. Holds the control flow
/// and nothing else; all I/O is behind the outbox and the connection.
class Agent final : private ServedNode {
  public:
    Agent(AgentOptions options, const base::Clock& clock, delivery::Outbox& outbox,
          broker::Connection& connection, Sampler& sampler, const ClockWatch& watch,
          base::Counters& counters, std::uint64_t seed);

    /// The service is offered every message and ticks along from now on. It must outlive the
    /// agent's last tick.
    void register_service(Service& service) { services_.push_back(&service); }

    /// One bounded step. True when there is more to do at once.
    bool tick(base::Instant now);

    /// The last step: collects and commits what there is, sends it, and publishes `disconnected`.
    void say_goodbye(base::Instant now);

    const delivery::Uplink& uplink() const { return uplink_; }
    wire::NodeStatus status(wire::NodeState state) const { return board_.status(state); }

  private:
    base::Result<std::uint64_t> flush(base::Instant now) override;
    wire::NodeStatus status() const override { return status(wire::NodeState::ready); }
    bool is_acknowledged() const override;

    void accept_messages(base::Instant now);
    void accept(const broker::Message& message, base::Instant now);
    bool offer_to_services(const broker::Message& message, base::Instant now);
    bool may_read_on() const;

    AgentOptions options_;
    delivery::Outbox& outbox_;
    broker::Connection& connection_;
    Sampler& sampler_;
    base::Counters& counters_;
    std::vector<Service*> services_;
    std::string ack_topic_;
    delivery::Uplink uplink_;
    Committer committer_;
    OutboxWatch outbox_watch_;
    StatusBoard board_;
};

}  // namespace agent
