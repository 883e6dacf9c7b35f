#include "delivery/uplink/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "wire/limits.hpp"

namespace delivery {

namespace {

using base::Duration;
using base::Instant;

constexpr Duration kBusyPauseMin = std::chrono::milliseconds{100};

constexpr Duration kProbeSoon = std::chrono::seconds{2};

/// Two gap answers to the same loss arrive within about a round trip of each other.
constexpr Duration kSameLossMin = std::chrono::milliseconds{100};

/// The number itself, or the nearest one to send: nothing is stored outside of the extent or in its
/// hole.
std::uint64_t within(const Extent& extent, std::uint64_t seq) {
    const bool is_gone = extent.hole && seq > extent.hole->after && seq <= extent.hole->upto;
    return std::clamp(is_gone ? extent.hole->upto + 1 : seq, extent.lowest, extent.head + 1);
}

}  // namespace

Uplink::Uplink(UplinkOptions options, Outbox& outbox, broker::Connection& connection,
               const base::Clock& clock, base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      outbox_(outbox),
      connection_(connection),
      counters_(counters),
      random_(~seed),
      marks_(outbox),
      timer_(options_.retransmission, seed),
      window_(options_.window_batches, timer_),
      sender_({.topic = options_.data_topic, .expiry = options_.expiry}, outbox, connection, clock,
              counters),
      probe_wait_(options_.probe_every) {}

void Uplink::tick(Instant now) {
    follow_incarnation();
    heed_refusal(now);
    follow_session();
    if (state_ == State::offline) return;
    limit_.tick(now);
    report_silence(now);
    if (paused_until_ && now < *paused_until_) return;
    paused_until_.reset();
    if (state_ == State::resuming) return resume(now);
    shrink_when_stuck(now);
    resend_overdue(now);
    send_new(now);
    probe_when_quiet(now);
}

/// The outbox begins a new incarnation by itself after a damaged file, or because we forked it.
void Uplink::follow_incarnation() {
    const auto current = outbox_.extent().incarnation;
    if (current == incarnation_) return;
    incarnation_ = current;
    window_.restart(1);
    marks_.reset();
    if (state_ == State::streaming) state_ = State::resuming;
    probe_due_.reset();
}

void Uplink::follow_session() {
    const auto session = connection_.session();
    if (session == session_) return;
    session_ = session;
    window_.rewind();
    probe_due_.reset();
    asked_.reset();
    state_ = session == 0 ? State::offline : State::resuming;
    if (session != 0) limit_.begin_session(connection_.payload_max(options_.data_topic));
}

/// A broker may also refuse by closing the connection: so this comes before the new session.
void Uplink::heed_refusal(Instant now) {
    const auto bytes = connection_.take_too_large();
    if (!bytes) return;
    const auto& oldest = limit_.oldest();
    if (oldest && oldest->is_one_record() && oldest->bytes == *bytes) return hold(*oldest, now);
    shrink(*bytes, now);
}

void Uplink::shrink_when_stuck(Instant now) {
    if (!limit_.is_stuck()) return;
    const auto oldest = *limit_.oldest();
    if (!oldest.is_one_record()) return shrink(oldest.bytes, now);
    report_size(oldest, "it does not arrive, although the centre answers", now);
}

void Uplink::shrink(std::size_t too_many, Instant now) {
    if (!limit_.refuse(too_many, now)) return;
    counters_
        .counter("leat_agent_batches_too_large_total",
                 "Batches that the broker did not carry because of their size.")
        .add();
    base::log_warn("the broker does not carry batches of this size; sending smaller ones",
                   {{"bytes", too_many}, {"bytes_max", limit_.bytes()}});
    timer_.reset_back_off();
    window_.rewind();
}

/// No record may overtake another, so that everything waits behind one that the broker refuses.
void Uplink::hold(const SentBatch& record, Instant now) {
    if (!window_.is_empty() && window_.oldest().first != record.first) return;
    report_size(record, "the broker does not accept a message of its size", now);
    pause(options_.size_pause, now);
}

void Uplink::report_size(const SentBatch& record, const char* reason, Instant now) {
    alarm_ =
        fmt::format("record {} cannot be sent: {} ({} bytes)", record.first, reason, record.bytes);
    if (!size_.is_due(alarm_, now)) return;
    base::log_error(
        "a record does not get through; it and what follows it are kept",
        {{"record", record.first},
         {"bytes", record.bytes},
         {"reason", reason},
         {"hint", "raise the broker's limits: message_size_limit, max_packet_size (Mosquitto)"}});
}

/// Reports that no bridge answers. A working broker hides that: nothing else would show it.
void Uplink::report_silence(Instant now) {
    if (!asked_ || now - *asked_ < options_.silence) return;
    if (!silence_.is_due("silent", now)) return;
    base::log_warn(
        "the centre does not answer; readings are kept",
        {{"topic", options_.data_topic},
         {"hint", "is a bridge running, and do the broker's access rules let it read?"}});
}

void Uplink::note_answer(Instant now) {
    spoke_ = now;
    asked_.reset();
    if (!silence_.is_due("", now)) return;
    base::log_info("the centre answers");
    probe_wait_ = std::min(kProbeSoon, options_.probe_every);
}

/// Asks for the centre's marks before it sends anything.
void Uplink::resume(Instant now) {
    if (probe_due_ && now < *probe_due_) return;
    const bool is_repeated = probe_due_.has_value();
    if (!send_probe(now)) return;
    if (is_repeated) timer_.back_off();
    probe_due_ = now + timer_.next_wait();
}

void Uplink::resend_overdue(Instant now) {
    if (!window_.is_overdue(now)) return;
    const auto& oldest = window_.oldest();
    if (oldest.first < outbox_.extent().lowest) return window_.rewind();  // Evicted meanwhile.
    const auto sent = send_batch(oldest.first, oldest.last - oldest.first + 1, now);
    if (!sent) return;
    window_.repeat_oldest(sent->first, sent->last, now);
    if (limit_.wants_answer()) send_probe(now);
    counters_.counter("leat_agent_batches_resent_total", "Batches sent again after a time-out.")
        .add();
}

/// Sends nothing beyond the hole until everything before it is answered. If the connection breaks
/// again, few records that may have been sent then lie on both sides of the hole.
void Uplink::send_new(Instant now) {
    while (window_.has_room()) {
        const auto extent = outbox_.extent();
        window_.go_to(within(extent, window_.next()));
        if (window_.next() > extent.head) return;
        const bool is_after_hole = extent.hole && window_.next() == extent.hole->upto + 1;
        if (is_after_hole && !window_.is_empty()) return;
        const auto sent = send_batch(window_.next(), wire::kBatchRecordsMax, now);
        if (!sent) return;
        window_.add(sent->first, sent->last, now);
    }
}

/// Everything is sent, but not everything is known to be applied: an answer may be lost, and the
/// centre applies records without being asked. Soon after it has come back, because many people
/// look then; later rarely.
void Uplink::probe_when_quiet(Instant now) {
    const auto head = outbox_.extent().head;
    if (!window_.is_empty() || window_.next() <= head) return;
    if (durable() >= head && applied() >= head) {
        probe_wait_ = options_.probe_every;
        return;
    }
    if (now - spoke_ < probe_wait_ || !send_probe(now)) return;
    probe_wait_ = std::min(2 * probe_wait_, options_.probe_every);
}

std::optional<SentBatch> Uplink::send_batch(std::uint64_t first, std::size_t records_max,
                                            Instant now) {
    const auto attempt = sender_.send(first, records_max, limit_.bytes());
    if (!attempt) {
        report_outbox_error(attempt.error(), now);
        return std::nullopt;
    }
    if (attempt.value().damaged) fork_at_damaged(*attempt.value().damaged, now);
    if (attempt.value().too_large) hold(*attempt.value().too_large, now);
    if (attempt.value().sent) {
        limit_.note_sent(*attempt.value().sent);
        note_sent(now);
    }
    return attempt.value().sent;
}

bool Uplink::send_probe(Instant now) {
    const auto sent = sender_.send_probe();
    if (!sent) {
        report_outbox_error(sent.error(), now);
        return false;
    }
    if (sent.value()) note_sent(now);
    return sent.value();
}

void Uplink::note_sent(Instant now) {
    spoke_ = now;
    if (!asked_) asked_ = now;
}

void Uplink::on_ack(std::string_view payload, Instant now) {
    const auto ack = wire::decode_ack(payload);
    if (!ack) return ignore("malformed");
    follow_incarnation();
    if (ack.value().incarnation != incarnation_) return ignore("incarnation");
    counters_
        .counter("leat_agent_acks_total", "Acknowledgements by what they answer.",
                 {{"answer", std::string{wire::to_text(ack.value().answer)}}})
        .add();
    act_on(ack.value(), now);
}

void Uplink::act_on(const wire::Ack& ack, Instant now) {
    const auto judged = marks_.judge(ack);
    if (!judged) return report_outbox_error(judged.error(), now);
    const auto& judgement = judged.value();
    if (judgement.verdict == Marks::Verdict::unfounded_fork) return ignore("unfounded_fork");
    if (judgement.verdict == Marks::Verdict::fork) return fork(ack, now);
    note_answer(now);
    observe_size(ack);
    marks_.raise(ack, judgement);
    if (judgement.proves_durable) {
        window_.release(ack.durable.seq, now);
    } else {
        ignore("unknown_hash");
    }
    if (state_ == State::resuming) stream_from(ack.durable.seq + 1);
    obey(ack, now);
}

void Uplink::observe_size(const wire::Ack& ack) {
    if (ack.answer == wire::Answer::busy || ack.answer == wire::Answer::reject) {
        limit_.note_put_off();
    } else {
        limit_.note_answer(ack.durable.seq);
    }
}

void Uplink::stream_from(std::uint64_t seq) {
    state_ = State::streaming;
    probe_due_.reset();
    timer_.reset_back_off();
    probe_wait_ = std::min(kProbeSoon, options_.probe_every);
    window_.go_to(within(outbox_.extent(), seq));
}

void Uplink::obey(const wire::Ack& ack, Instant now) {
    switch (ack.answer) {
        case wire::Answer::gap:
            return go_back(ack.expected, now);
        case wire::Answer::busy:
            return wait_as_told(ack.retry_after, now);
        case wire::Answer::reject:
            return stop_rejected(ack.reason, now);
        default:
            alarm_.clear();
    }
}

void Uplink::go_back(std::uint64_t expected, Instant now) {
    const auto same_loss = std::max(timer_.smoothed(), kSameLossMin);
    if (expected == went_back_to_ && now - went_back_ < same_loss) return;
    went_back_to_ = expected;
    went_back_ = now;
    window_.restart(within(outbox_.extent(), expected));
    counters_.counter("leat_agent_gaps_answered_total", "Times it went back to fill a gap.").add();
}

void Uplink::wait_as_told(Duration retry_after, Instant now) {
    const auto wait = std::clamp(retry_after, kBusyPauseMin, options_.busy_pause_max);
    const auto half = static_cast<std::uint64_t>(wait.count()) / 2;
    pause(wait + Duration{random_.below(half + 1)}, now);
}

void Uplink::stop_rejected(const std::string& reason, Instant now) {
    alarm_ = "rejected: " + reason;
    base::log_error(
        "the centre rejects this node's records; they are kept",
        {{"reason", reason}, {"next_try_s", options_.reject_pause / std::chrono::seconds{1}}});
    pause(options_.reject_pause, now);
}

void Uplink::pause(Duration duration, Instant now) {
    window_.rewind();
    paused_until_ = now + duration;
}

void Uplink::fork(const wire::Ack& ack, Instant now) {
    if (!may_fork(now)) return;
    const auto old = to_text(incarnation_);
    const auto stored = marks_.proven_prefix(ack);
    const auto head = outbox_.extent().head;
    if (!begin_incarnation(stored, now)) return;
    restored_ = true;
    alarm_ = fmt::format("forked: the centre knew another history of {}", old);
    base::log_error(
        "the centre knows another history of this node (restored or cloned card?); "
        "numbering anew",
        {{"old_incarnation", old}, {"stored_there", stored}, {"numbered_anew", head - stored}});
}

/// Sent as it is, the record would break the chain, and what follows it could count twice. When
/// everything before it is answered, a new incarnation begins after what is stored there.
void Uplink::fork_at_damaged(std::uint64_t seq, Instant now) {
    if (!window_.is_empty() && window_.oldest().first != seq) return;
    if (!may_fork(now)) return;
    const auto old = to_text(incarnation_);
    // If the damaged record was durable once, the centre has lost it since: then only what is in
    // the sink is sure to stay there.
    const auto stored = std::min(durable() < seq ? durable() : applied(), outbox_.extent().head);
    if (!begin_incarnation(stored, now)) return;
    alarm_ = fmt::format("the card damaged record {} of {}", seq, old);
    base::log_error("the card returned a record other than the one it was given; numbering anew",
                    {{"old_incarnation", old}, {"record", seq}, {"stored_there", stored}});
}

bool Uplink::may_fork(Instant now) {
    if (forked_ && now - *forked_ < options_.fork_pause) {
        pause(*forked_ + options_.fork_pause - now, now);
        return false;
    }
    forked_ = now;
    return true;
}

/// Records up to `stored_upto` are stored at the centre under the old incarnation.
bool Uplink::begin_incarnation(std::uint64_t stored_upto, Instant now) {
    if (auto forked = outbox_.fork(stored_upto); !forked) {
        report_outbox_error(forked.error(), now);
        return false;
    }
    counters_.counter("leat_agent_forks_total", "New incarnations after a disagreement.").add();
    follow_incarnation();
    return true;
}

void Uplink::report_outbox_error(const base::Error& error, Instant now) {
    base::log_warn("the outbox cannot be read", {{"reason", error.detail}});
    counters_.counter("leat_agent_outbox_errors_total", "Errors of the outbox.").add();
    pause(options_.outbox_pause, now);
}

void Uplink::ignore(const char* reason) {
    counters_
        .counter("leat_agent_acks_ignored_total", "Acknowledgements that moved nothing.",
                 {{"reason", reason}})
        .add();
}

}  // namespace delivery
