#include "agent/node/agent.hpp"

#include <algorithm>

#include "agent/node/card_life.hpp"
#include "agent/node/told_counters.hpp"
#include "base/log.hpp"

namespace agent {

namespace {

using base::Duration;
using base::Instant;

constexpr std::size_t kMessagesPerTick = 64;
constexpr std::size_t kFaultsToldMax = 8;

UplinkOptions complete(const AgentOptions& options) {
    auto uplink = options.uplink;
    uplink.node = options.node;
    uplink.data_topic = options.topics.data(options.node);
    return uplink;
}

}  // namespace

broker::Outgoing will_of(const AgentOptions& options) {
    return {.topic = options.topics.status(options.node),
            .payload = wire::encode_will(),
            .qos = 1,
            .retain = true,
            .expiry = {}};
}

Agent::Agent(AgentOptions options, const base::Clock& clock, Outbox& outbox,
             broker::Connection& connection, Sampler& sampler, const ClockWatch& watch,
             base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      clock_(clock),
      outbox_(outbox),
      connection_(connection),
      sampler_(sampler),
      watch_(watch),
      counters_(counters),
      uplink_(complete(options_), outbox, connection, clock, counters, seed),
      commit_backoff_(options_.commit_backoff, seed + 1),
      started_(clock.instant()),
      flush_due_(started_ + options_.flush_every),
      urgent_due_(started_),
      incarnation_(outbox.extent().incarnation) {}

bool Agent::tick(Instant now) {
    connection_.tick(now);
    take_messages(now);
    const bool more = sampler_.tick(now, may_read_on());
    for (auto* service : services_) service->tick(*this, now);
    commit_when_due(now);
    follow_outbox(now);
    uplink_.tick(now);
    tell_status(now);
    tell_state(now);
    return more && !held_;
}

void Agent::take_messages(Instant now) {
    const auto ack_topic = options_.topics.ack(options_.node);
    for (std::size_t i = 0; i < kMessagesPerTick; ++i) {
        const auto message = connection_.take();
        if (!message) return;
        if (message->topic == ack_topic && !message->retained) {
            uplink_.on_ack(message->payload, now);
            continue;
        }
        if (is_for_a_service(*message, now)) continue;
        counters_.counter("leat_agent_messages_ignored_total", "Messages of no use here.").add();
    }
}

bool Agent::is_for_a_service(const broker::Message& message, Instant now) {
    return std::any_of(services_.begin(), services_.end(),
                       [&](Service* service) { return service->accept(message, *this, now); });
}

base::Result<std::uint64_t> Agent::flush(Instant now) {
    // The second one is for what has waited behind a held flush.
    if (commit(now) && commit(now)) return outbox_.extent().head;
    return base::Error{base::Fault::transient, "the outbox does not take records"};
}

bool Agent::is_acknowledged() const {
    return uplink_.durable() > 0 && uplink_.alarm().empty();
}

/// Sources that can wait stop well before something would have to be evicted.
bool Agent::may_read_on() const {
    const auto limit = outbox_.extent().quota / 100 * options_.high_water_percent;
    return !held_ && outbox_.bytes_after(uplink_.settled()) < limit;
}

void Agent::commit_when_due(Instant now) {
    const bool early = sampler_.is_full() || (sampler_.is_urgent() && now >= urgent_due_);
    if (now < flush_due_ && (held_ || !early)) return;
    flush_due_ = now + options_.flush_every;
    urgent_due_ = now + options_.urgent_every;
    if (!commit(now)) flush_due_ = now + commit_backoff_.next();
}

/// A flush that failed is held and tried again as it is: its readings stay ahead of newer ones.
bool Agent::commit(Instant now) {
    const bool again = held_.has_value();
    auto flush = again ? std::move(*held_) : sampler_.take_flush();
    held_.reset();
    if (flush.lines.empty() && flush.positions.empty()) return true;
    flush.settled = uplink_.settled();
    const auto committed = outbox_.append(flush);
    if (committed) {
        commit_backoff_.reset();
        counters_.counter("leat_agent_commits_total", "Flushes committed to the outbox.").add();
        // What has waited behind a held flush follows at once.
        if (again) flush_due_ = now;
        return true;
    }
    held_ = std::move(flush);
    counters_.counter("leat_agent_commit_errors_total", "Flushes that could not be committed.")
        .add();
    base::log_error("the outbox does not take records; readings wait in memory",
                    {{"reason", committed.error().detail}, {"lines", held_->lines.size()}});
    return false;
}

/// After a fork, or when records went before anybody had them, the far side may not know our
/// series.
void Agent::follow_outbox(Instant now) {
    const auto extent = outbox_.extent();
    if (extent.incarnation != incarnation_) {
        incarnation_ = extent.incarnation;
        redeclared_ = now;
        sampler_.redeclare();
    }
    if (extent.thinned > thinned_) {
        counters_
            .counter("leat_agent_thinned_total", "Records that coarser ones took the place of.")
            .add(extent.thinned - thinned_);
        base::log_info("the outbox is nearly full: the oldest records were thinned",
                       {{"records", extent.thinned - thinned_}});
    }
    thinned_ = extent.thinned;
    if (extent.evicted == evicted_) return;
    counters_.counter("leat_agent_evicted_total", "Records evicted, each within a gap record.")
        .add(extent.evicted - std::min(extent.evicted, evicted_));
    base::log_warn("the outbox is full: the oldest records went, and a gap record says so",
                   {{"records", extent.evicted - std::min(extent.evicted, evicted_)}});
    evicted_ = extent.evicted;
    if (redeclared_ && now - *redeclared_ < options_.redeclare_every) return;
    redeclared_ = now;
    sampler_.redeclare();
}

wire::NodeStatus Agent::status(wire::NodeState state) const {
    const auto extent = outbox_.extent();
    const auto applied = std::min(uplink_.applied(), extent.head);
    wire::NodeStatus status;
    status.state = state;
    status.version = options_.version;
    status.uptime = clock_.instant() - started_;
    status.outbox_records = extent.records_after(applied);
    status.outbox_bytes = outbox_.bytes_after(applied);
    status.disk_written = extent.written;
    if (const auto life = card_life(extent.written, status.uptime, options_.card_endurance)) {
        status.disk_bytes_a_day = life->bytes_a_day;
        status.disk_days_left = life->days;
    }
    status.head = extent.head;
    status.durable = uplink_.durable();
    status.applied = applied;
    status.clock = watch_.state();
    status.counters = told_counters(counters_, extent, connection_.dropped());
    if (!uplink_.alarm().empty()) status.faults.push_back(uplink_.alarm());
    if (held_) status.faults.emplace_back("outbox: does not take records");
    for (const auto& fault : sampler_.faults()) {
        if (status.faults.size() == kFaultsToldMax) break;
        status.faults.push_back(fault);
    }
    status.now = clock_.event_time();
    return status;
}

void Agent::tell_status(Instant now) {
    const auto session = connection_.session();
    if (session == 0) return;
    const bool news = session != status_session_ || uplink_.alarm() != alarm_told_ ||
                      held_.has_value() != held_told_;
    if (!news && status_told_ && now - *status_told_ < options_.status_every) return;
    if (!publish_status(wire::NodeState::ready)) return;
    status_session_ = session;
    status_told_ = now;
    alarm_told_ = uplink_.alarm();
    held_told_ = held_.has_value();
}

void Agent::tell_state(Instant now) {
    const auto session = connection_.session();
    if (session == 0) return;
    const bool news = session != state_session_ || sampler_.changes() != changes_told_;
    if (!news || (state_told_ && now - *state_told_ < options_.state_every)) return;
    const auto latest = sampler_.latest();
    if (latest.empty()) return;
    if (!publish_retained(options_.topics.state(options_.node), wire::encode_state(latest))) return;
    state_session_ = session;
    state_told_ = now;
    changes_told_ = sampler_.changes();
}

bool Agent::publish_status(wire::NodeState state) {
    return publish_retained(options_.topics.status(options_.node),
                            wire::encode_status(status(state)));
}

bool Agent::publish_retained(const std::string& topic, std::string payload) {
    const auto sent = connection_.publish(
        {.topic = topic, .payload = std::move(payload), .qos = 1, .retain = true, .expiry = {}});
    return static_cast<bool>(sent);
}

void Agent::say_goodbye(Instant now) {
    sampler_.tick(now, false);
    sampler_.close();
    if (!commit(now)) {
        base::log_error("stopping with readings that could not be committed: they are lost", {});
    } else if (held_ == std::nullopt) {
        commit(now);  // What had waited behind a held flush.
    }
    uplink_.tick(now);
    for (auto* service : services_) service->stop(now);
    publish_status(wire::NodeState::disconnected);
}

}  // namespace agent
