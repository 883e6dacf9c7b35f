#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "broker/connection.hpp"

namespace simulation {

/// How often things go wrong, in 1000.
struct BrokerFaults {
    std::uint64_t lose = 0;
    std::uint64_t repeat = 0;
    std::uint64_t reorder = 0;
    std::uint64_t refuse = 0;
};

class LossyBroker;

/// A client of the simulated broker; its subscriptions are given once.
class SimulatedConnection final : public broker::Connection {
  public:
    SimulatedConnection(LossyBroker& relay, std::vector<std::string> filters);
    ~SimulatedConnection() override;
    SimulatedConnection(const SimulatedConnection&) = delete;
    SimulatedConnection& operator=(const SimulatedConnection&) = delete;

    void tick(base::Instant now) override;
    std::uint64_t session() const override { return session_; }
    base::Status publish(broker::Outgoing message) override;
    std::optional<broker::Message> take() override;

  private:
    friend class LossyBroker;

    LossyBroker& relay_;
    std::vector<std::string> filters_;
    std::uint64_t session_ = 0;
    std::deque<broker::Message> inbox_;
};

/// An MQTT broker at its worst: it loses, repeats and re-orders what it accepted, refuses, and dies
/// with everything it held. Shared subscriptions deal to any member, connected or not.
class LossyBroker {
  public:
    explicit LossyBroker(base::Random& random) : random_(random) {}

    BrokerFaults faults;

    /// Everything in transit is lost and every connection breaks.
    void crash();
    void start() { up_ = true; }
    bool up() const { return up_; }

    /// Hands at most this many messages in transit to their receivers.
    void deliver(std::size_t messages_max);

    /// Sees every message that a client published and the broker accepted.
    std::function<void(const broker::Outgoing&)> watch;

    std::uint64_t lost() const { return lost_; }
    std::uint64_t repeated() const { return repeated_; }
    std::uint64_t reordered() const { return reordered_; }

  private:
    friend class SimulatedConnection;

    base::Status accept(broker::Outgoing message);
    void deal(const broker::Outgoing& message);

    base::Random& random_;
    bool up_ = true;
    std::uint64_t sessions_ = 0;
    std::vector<SimulatedConnection*> clients_;
    std::deque<broker::Outgoing> transit_;
    std::uint64_t lost_ = 0;
    std::uint64_t repeated_ = 0;
    std::uint64_t reordered_ = 0;
};

}  // namespace simulation
