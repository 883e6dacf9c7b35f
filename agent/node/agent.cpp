#include "agent/node/agent.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace agent {

namespace {

using base::Instant;

constexpr std::size_t kMessagesPerTick = 64;

delivery::UplinkOptions uplink_options(const AgentOptions& options) {
    auto uplink = options.uplink;
    uplink.node = options.node;
    uplink.data_topic = options.topics.data(options.node);
    return uplink;
}

StatusBoardOptions board_options(const AgentOptions& options) {
    return {.node = options.node,
            .version = options.version,
            .topics = options.topics,
            .status_every = options.status_every,
            .state_every = options.state_every,
            .card_endurance = options.card_endurance,
            .write_counts = options.write_counts};
}

}  // namespace

broker::Outgoing will_of(const AgentOptions& options) {
    return {.topic = options.topics.status(options.node),
            .payload = wire::encode_will(),
            .qos = 1,
            .retain = true,
            .expiry = {}};
}

Agent::Agent(AgentOptions options, const base::Clock& clock, delivery::Outbox& outbox,
             broker::Connection& connection, Sampler& sampler, const ClockWatch& watch,
             base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      outbox_(outbox),
      connection_(connection),
      sampler_(sampler),
      counters_(counters),
      ack_topic_(options_.topics.ack(options_.node)),
      uplink_(uplink_options(options_), outbox, connection, clock, counters, seed),
      committer_({.flush_every = options_.flush_every,
                  .urgent_every = options_.urgent_every,
                  .backoff = options_.commit_backoff},
                 sampler, outbox, counters, seed + 1, clock.instant()),
      outbox_watch_(outbox, counters, options_.redeclare_every),
      board_(board_options(options_),
             {.clock = clock,
              .watch = watch,
              .outbox = outbox,
              .sampler = sampler,
              .committer = committer_,
              .uplink = uplink_,
              .counters = counters},
             connection) {}

bool Agent::tick(Instant now) {
    connection_.tick(now);
    accept_messages(now);
    const bool more = sampler_.tick(now, may_read_on());
    for (auto* service : services_) service->tick(*this, now);
    committer_.tick(uplink_.settled(), now);
    if (outbox_watch_.observe(now)) sampler_.redeclare();
    uplink_.tick(now);
    board_.tick(now);
    return more && !committer_.is_holding();
}

void Agent::accept_messages(Instant now) {
    for (std::size_t i = 0; i < kMessagesPerTick; ++i) {
        const auto message = connection_.take();
        if (!message) return;
        accept(*message, now);
    }
}

void Agent::accept(const broker::Message& message, Instant now) {
    if (message.topic == ack_topic_ && !message.retained) {
        uplink_.on_ack(message.payload, now);
    } else if (!offer_to_services(message, now)) {
        counters_.counter("leat_agent_messages_ignored_total", "Messages of no use here.").add();
    }
}

bool Agent::offer_to_services(const broker::Message& message, Instant now) {
    return std::any_of(services_.begin(), services_.end(),
                       [&](Service* service) { return service->accept(message, *this, now); });
}

base::Result<std::uint64_t> Agent::flush(Instant now) {
    if (committer_.commit_all(uplink_.settled(), now)) return outbox_.extent().head;
    return base::Error{base::Fault::transient, "the outbox does not accept records"};
}

bool Agent::is_acknowledged() const {
    return uplink_.durable() > 0 && uplink_.alarm().empty();
}

/// Sources that can wait stop well before something would have to be evicted.
bool Agent::may_read_on() const {
    const auto limit = outbox_.extent().quota / 100 * options_.high_water_percent;
    return !committer_.is_holding() && outbox_.bytes_after(uplink_.settled()) < limit;
}

void Agent::say_goodbye(Instant now) {
    sampler_.tick(now, false);
    sampler_.close();
    if (!committer_.commit_all(uplink_.settled(), now)) {
        base::log_error("stopping with readings that could not be committed: they are lost", {});
    }
    uplink_.tick(now);
    for (auto* service : services_) service->stop(now);
    board_.publish_status(wire::NodeState::disconnected);
}

}  // namespace agent
