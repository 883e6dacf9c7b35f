#pragma once

#include <optional>
#include <string>

#include "agent/node/service.hpp"
#include "agent/outbox/outbox.hpp"
#include "agent/sampling/sampler.hpp"
#include "agent/uplink/uplink.hpp"
#include "base/backoff.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
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
    base::Duration state_every = std::chrono::seconds{2};  // At most; and only when changed.

    /// What the card endures, in bytes: its maker's "TBW". 0: not known.
    std::uint64_t card_endurance = 0;

    /// Sources that can wait do, while more than this share of the quota is not settled.
    std::uint64_t high_water_percent = 33;

    /// Series are declared again when records were evicted, at most this often.
    base::Duration redeclare_every = std::chrono::minutes{10};

    /// After a failed commit.
    base::BackoffOptions commit_backoff{.first = std::chrono::milliseconds{500},
                                        .longest = std::chrono::seconds{30}};
    UplinkOptions uplink{};  // Node and topic are filled in.
};

/// The last will that the connection leaves with the broker: retained status `lost`.
broker::Outgoing will_of(const AgentOptions& options);

/// The node as a whole: samples, commits, sends, and says how it is. Holds the control flow and
/// nothing else; all I/O is behind the outbox and the connection.
class Agent final : private ServedNode {
  public:
    Agent(AgentOptions options, const base::Clock& clock, Outbox& outbox,
          broker::Connection& connection, Sampler& sampler, const ClockWatch& watch,
          base::Counters& counters, std::uint64_t seed);

    /// This one hears messages and ticks along from now on; it must outlive the agent's last tick.
    void register_service(Service& service) { services_.push_back(&service); }

    /// One bounded step. True when there is more to do at once.
    bool tick(base::Instant now);

    /// The last step: collects and commits what there is, sends it, and says `disconnected`.
    void say_goodbye(base::Instant now);

    const Uplink& uplink() const { return uplink_; }
    wire::NodeStatus status(wire::NodeState state) const;

  private:
    base::Result<std::uint64_t> flush(base::Instant now) override;
    wire::NodeStatus status() const override { return status(wire::NodeState::ready); }
    bool is_acknowledged() const override;
    bool is_for_a_service(const broker::Message& message, base::Instant now);
    void take_messages(base::Instant now);
    void commit_when_due(base::Instant now);
    bool commit(base::Instant now);
    void follow_outbox(base::Instant now);
    bool may_read_on() const;
    void tell_status(base::Instant now);
    void tell_state(base::Instant now);
    bool publish_status(wire::NodeState state);
    bool publish_retained(const std::string& topic, std::string payload);

    AgentOptions options_;
    const base::Clock& clock_;
    Outbox& outbox_;
    broker::Connection& connection_;
    Sampler& sampler_;
    const ClockWatch& watch_;
    base::Counters& counters_;
    std::vector<Service*> services_;
    Uplink uplink_;
    base::Backoff commit_backoff_;

    base::Instant started_;
    base::Instant flush_due_;
    base::Instant urgent_due_;   // Not before.
    std::optional<Flush> held_;  // A flush whose commit failed; nothing newer overtakes it.
    wire::Incarnation incarnation_;
    std::uint64_t evicted_ = 0;
    std::uint64_t thinned_ = 0;
    std::optional<base::Instant> redeclared_;

    std::uint64_t status_session_ = 0;  // The session that has heard the status, and the state.
    std::optional<base::Instant> status_told_;
    std::string alarm_told_;
    bool held_told_ = false;
    std::uint64_t state_session_ = 0;
    std::optional<base::Instant> state_told_;
    std::uint64_t changes_told_ = 0;
};

}  // namespace agent
