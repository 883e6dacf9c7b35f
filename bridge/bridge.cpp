#include "bridge/bridge.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace bridge {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Instant;
using base::Status;

constexpr base::Duration kAckExpiry = std::chrono::seconds{60};
constexpr base::Duration kLogEvery = std::chrono::minutes{1};

/// How soon a node tries again when the store has no room: its cure is local and sudden.
constexpr base::Duration kFullPause = std::chrono::seconds{2};

/// A complaint is over when it was not heard again for so long.
constexpr base::Duration kComplaintEnds = std::chrono::minutes{1};

}  // namespace

/// Reports the answers that a person should know about. Anybody may invent names that are rejected:
/// of these a reason is told once a minute.
void Bridge::report_refusal(const IngestRequest& request, const wire::Ack& ack, Instant now) {
    if (ack.answer != wire::Answer::fork && ack.answer != wire::Answer::reject) return;
    if (ack.answer == wire::Answer::reject && !rejections_.is_due(ack.reason, now)) return;
    base::log_warn(ack.answer == wire::Answer::fork ? "forked node" : "rejected node",
                   {{"node", request.node},
                    {"incarnation", wire::to_text(request.header.incarnation)},
                    {"base", request.header.base},
                    {"durable", ack.durable.seq},
                    {"reason", ack.reason}});
}

Bridge::Bridge(BridgeOptions options, broker::Connection& connection, Store& store,
               const base::Clock& clock, std::uint64_t seed)
    : options_(std::move(options)),
      connection_(connection),
      store_(store),
      clock_(clock),
      topics_(options_.topic_root),
      ingest_(topics_),
      backoff_(options_.backoff, seed),
      reminder_(kLogEvery),
      rejections_(kLogEvery),
      started_(clock.instant()),
      logged_at_(started_) {
    ENSURE(options_.group_batches_max > 0);
    ENSURE(options_.acks_max > 0);
}

Status Bridge::tick(Instant now) {
    idle_ = true;
    connection_.tick(now);
    observe_session();
    if (auto served = serve(now); !served) return served;
    send_acks();
    report(now);
    return Done{};
}

/// Acknowledgements for the old connection are lost with it; the nodes ask again.
void Bridge::observe_session() {
    const auto session = connection_.session();
    if (session == session_) return;
    session_ = session;
    if (!acks_.empty()) tally_.acks_lost(acks_.size());
    acks_.clear();
    status_at_.reset();
}

Status Bridge::serve(Instant now) {
    if (!store_ready_ || now - store_used_at_ >= options_.check_every) {
        if (auto checked = check_store(now); !checked) return checked;
    }
    if (!store_ready_) {
        drop_incoming();
        return Done{};
    }
    if (acks_.size() >= options_.acks_max) return Done{};
    const auto group = accept_group();
    if (auto stored = store_group(group, now); !stored) return stored;
    return bury(group.dead, now);
}

Status Bridge::check_store(Instant now) {
    if (!store_ready_ && now < resume_at_) return Done{};
    if (const auto checked = store_.check(); !checked) return give_up(checked.error(), now);
    store_used_at_ = now;
    if (store_ready_) return Done{};
    store_ready_ = true;
    trouble_.clear();
    backoff_.reset();
    status_at_.reset();
    base::log_info("redis is ready");
    return Done{};
}

Bridge::Group Bridge::accept_group() {
    Group group;
    while (group.requests.size() + group.dead.size() < options_.group_batches_max &&
           group.bytes < options_.group_bytes_max) {
        auto message = connection_.take();
        if (!message) break;
        group.bytes += message->payload.size();
        auto decision = ingest_.decide(std::move(*message));
        if (auto* request = std::get_if<IngestRequest>(&decision)) {
            group.requests.push_back(std::move(*request));
        } else {
            group.dead.push_back(std::move(std::get<DeadLetter>(decision)));
        }
    }
    if (!group.requests.empty() || !group.dead.empty()) idle_ = false;
    return group;
}

Status Bridge::store_group(const Group& group, Instant now) {
    if (group.requests.empty()) return Done{};
    const auto answers = store_.ingest(group.requests);
    if (!answers) {
        if (answers.error().fault == Fault::exhausted) {
            ask_all_to_wait(group, answers.error(), now);
            return Done{};
        }
        tally_.dropped(Dropped::store_failed, group.requests.size());
        return give_up(answers.error(), now);
    }
    ENSURE(answers.value().size() == group.requests.size());
    store_used_at_ = now;
    for (std::size_t i = 0; i < group.requests.size(); ++i) {
        const auto& ack = answers.value()[i];
        tally_.answered(group.requests[i], ack);
        report_refusal(group.requests[i], ack, now);
        if (ack.answer == wire::Answer::busy && !ack.reason.empty()) complain(ack.reason, now);
        queue_ack(group.requests[i].node, ack);
    }
    return Done{};
}

Status Bridge::bury(const std::vector<DeadLetter>& letters, Instant now) {
    std::size_t kept = 0;
    for (const auto& letter : letters) {
        tally_.died(letter);
        base::log_warn("not a batch", {{"topic", letter.topic}, {"reason", letter.reason}});
        if (!store_ready_ || kept >= options_.bury_max) {
            tally_.unburied();
            continue;
        }
        ++kept;
        if (const auto buried = store_.bury(letter); !buried) {
            tally_.unburied();
            const auto fault = buried.error().fault;
            if (fault == Fault::malformed || fault == Fault::exhausted) {
                complain(buried.error().detail, now);
                continue;
            }
            if (auto given_up = give_up(buried.error(), now); !given_up) return given_up;
        }
    }
    return Done{};
}

/// A store without room answers quickly, so it is asked again with the next batch. A node that
/// heard nothing would wait longer each time.
void Bridge::ask_all_to_wait(const Group& group, const Error& error, Instant now) {
    tally_.failed(error.fault);
    complain(error.detail, now);
    for (const auto& request : group.requests) {
        const auto ack = ask_to_wait(request, kFullPause, error.detail, clock_.event_time());
        tally_.answered(request, ack);
        queue_ack(request.node, ack);
    }
}

void Bridge::complain(const std::string& reason, Instant now) {
    complained_at_ = now;
    if (complaint_ != reason) status_at_.reset();
    complaint_ = reason;
    if (reminder_.is_due(reason, now)) {
        base::log_warn("redis does not store everything", {{"reason", reason}});
    }
}

std::string Bridge::redis_state() const {
    if (!store_ready_) return trouble_;
    return complaint_.empty() ? "ready" : complaint_;
}

/// Stops using the store for a while, or for good if only an operator can help.
Status Bridge::give_up(const Error& error, Instant now) {
    tally_.failed(error.fault);
    const bool is_news = trouble_ != error.detail;
    trouble_ = error.detail;
    store_ready_ = false;
    resume_at_ = now + backoff_.next();
    if (is_news) status_at_.reset();
    if (error.fault == Fault::misconfigured) return error;
    if (reminder_.is_due(error.detail, now)) {
        base::log_warn("redis cannot be used", {{"reason", error.detail}});
    }
    return Done{};
}

void Bridge::drop_incoming() {
    std::uint64_t dropped = 0;
    while (dropped < options_.drop_max && connection_.take()) ++dropped;
    if (dropped == 0) return;
    idle_ = false;
    tally_.dropped(Dropped::store_away, dropped);
}

/// Marks are cumulative: a newer answer to the same incarnation replaces one that still waits,
/// unless that one is a refusal, which the node must hear.
void Bridge::queue_ack(const std::string& node, const wire::Ack& ack) {
    const auto outdated = std::find_if(acks_.begin(), acks_.end(), [&](const WaitingAck& waiting) {
        const auto answer = waiting.ack.answer;
        return (answer == wire::Answer::ok || answer == wire::Answer::dup) &&
               waiting.node == node && waiting.ack.incarnation == ack.incarnation &&
               waiting.ack.durable.seq <= ack.durable.seq;
    });
    if (outdated != acks_.end()) {
        outdated->ack = ack;
    } else {
        acks_.push_back({.node = node, .ack = ack});
    }
}

void Bridge::send_acks() {
    while (!acks_.empty()) {
        const auto& [node, ack] = acks_.front();
        const auto sent = connection_.publish({.topic = topics_.ack(node),
                                               .payload = wire::encode_ack(ack),
                                               .qos = 1,
                                               .retain = false,
                                               .expiry = kAckExpiry});
        if (!sent && sent.error().fault == Fault::exhausted) return;
        if (!sent) tally_.acks_lost(1);
        acks_.pop_front();
        idle_ = false;
    }
}

void Bridge::report(Instant now) {
    if (!complaint_.empty() && now - complained_at_ >= kComplaintEnds) {
        complaint_.clear();
        reminder_.clear();
        status_at_.reset();
    }
    if (now - logged_at_ >= kLogEvery) {
        logged_at_ = now;
        log_numbers();
    }
    if (session_ == 0) return;
    if (status_at_ && now - *status_at_ < options_.status_every) return;
    status_at_ = now;
    publish_status("ready");
}

void Bridge::publish_status(const char* state) {
    const BridgeStatus status{.state = state,
                              .version = options_.version,
                              .redis = redis_state(),
                              .uptime = clock_.instant() - started_,
                              .now = clock_.event_time(),
                              .mailbox_full = connection_.dropped(),
                              .nodes_refused = store_.refused_nodes()};
    const auto published =
        connection_.publish({.topic = topics_.program_status("bridge", options_.id),
                             .payload = encode_status(status, tally_),
                             .qos = 1,
                             .retain = true,
                             .expiry = {}});
    if (!published) status_at_.reset();
}

void Bridge::say_goodbye() {
    send_acks();
    publish_status("disconnected");
}

void Bridge::log_numbers() const {
    using wire::Answer;
    base::log_info(
        "bridged",
        {{"ok", tally_.batches(Answer::ok)},
         {"dup", tally_.batches(Answer::dup)},
         {"gap", tally_.batches(Answer::gap)},
         {"busy", tally_.batches(Answer::busy)},
         {"fork", tally_.batches(Answer::fork)},
         {"reject", tally_.batches(Answer::reject)},
         {"records", tally_.records()},
         {"dead", tally_.dead(DeadCause::topic) + tally_.dead(DeadCause::payload)},
         {"nodes_refused", store_.refused_nodes()},
         {"dropped", tally_.dropped(Dropped::store_away) + tally_.dropped(Dropped::store_failed)},
         {"mailbox_full", connection_.dropped()},
         {"redis_errors", tally_.failures()}});
}

}  // namespace bridge
