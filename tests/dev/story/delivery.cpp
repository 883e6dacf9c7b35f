#include "dev/story/delivery.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/random.hpp"

namespace story {

namespace {

broker::PahoOptions connection_options(const agent::Config& config) {
    auto options = config.broker;
    options.will.reset();  // The node is not here yet: nobody can lose it.
    return options;
}

delivery::UplinkOptions uplink_options(const agent::AgentOptions& agent) {
    auto options = agent.uplink;
    options.node = agent.node;
    options.data_topic = agent.topics.data(agent.node);
    // A node does not wait for the answer that the database has all of it. This program does.
    options.probe_every = std::chrono::milliseconds{100};
    return options;
}

}  // namespace

Delivery::Delivery(PastNode& node, const base::Clock& clock)
    : node_(node),
      connection_(connection_options(node.config()), base::entropy()),
      uplink_(uplink_options(node.config().agent), node.outbox(), connection_, clock, counters_,
              base::entropy()) {}

void Delivery::tick(base::Instant now) {
    connection_.tick(now);
    while (const auto message = connection_.take()) {
        if (!message->retained) uplink_.on_ack(message->payload, now);
    }
    uplink_.tick(now);
    node_.settle(uplink_.applied());
}

std::string Delivery::trouble() const {
    const auto& alarm = uplink_.alarm();
    return fmt::format("{}: {} of {} records stored{}{}{}{}", node_.config().agent.node,
                       uplink_.applied(), node_.outbox().extent().head, alarm.empty() ? "" : "; ",
                       alarm, connection_.trouble().empty() ? "" : "; ", connection_.trouble());
}

}  // namespace story
