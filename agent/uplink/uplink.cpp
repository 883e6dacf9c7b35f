#include "agent/uplink/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "wire/batch.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

using base::Duration;
using base::Instant;

/// What a batch's lines may take: the header and a newline before each line come on top.
constexpr std::size_t kLinesBytesMax =
    wire::kBatchBytesMax - wire::kHeaderBytesMax - wire::kBatchRecordsMax;

constexpr Duration kBusyPauseMin = std::chrono::milliseconds{100};

/// Two gap answers to the same loss arrive within about a round trip.
constexpr Duration kSameLossMin = std::chrono::milliseconds{100};

}  // namespace

Uplink::Uplink(UplinkOptions options, Outbox& outbox, broker::Connection& connection,
               const base::Clock& clock, base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      outbox_(outbox),
      connection_(connection),
      clock_(clock),
      counters_(counters),
      retransmission_(options_.retransmission, seed),
      random_(~seed) {}

void Uplink::tick(Instant now) {
    follow_incarnation();
    follow_session();
    if (state_ == State::offline) return;
    tell_silence(now);
    if (paused_until_ && now < *paused_until_) return;
    paused_until_.reset();
    if (state_ == State::resuming) return resume(now);
    resend_overdue(now);
    send_new(now);
    probe_when_quiet(now);
}

/// The outbox may begin anew by itself (a damaged file) or because we forked it.
void Uplink::follow_incarnation() {
    const auto current = outbox_.extent().incarnation;
    if (current == incarnation_) return;
    incarnation_ = current;
    in_flight_.clear();
    next_ = 1;
    durable_ = applied_ = 0;
    if (state_ == State::streaming) state_ = State::resuming;
    probe_due_.reset();
}

void Uplink::follow_session() {
    const auto session = connection_.session();
    if (session == session_) return;
    session_ = session;
    forget_flight();
    probe_due_.reset();
    asked_.reset();
    state_ = session == 0 ? State::offline : State::resuming;
}

/// A broker alone is no centre: without a bridge that reads and answers, nothing else would say so.
void Uplink::tell_silence(Instant now) {
    if (silence_told_ || !asked_ || now - *asked_ < options_.silence) return;
    silence_told_ = true;
    base::log_warn("the centre does not answer; readings are kept",
                   {{"topic", options_.data_topic},
                    {"hint", "does a bridge run, and do the broker's access rules let it read?"}});
}

void Uplink::heard(Instant now) {
    spoke_ = now;
    asked_.reset();
    if (silence_told_) base::log_info("the centre answers");
    silence_told_ = false;
}

void Uplink::forget_flight() {
    if (!in_flight_.empty()) next_ = std::min(next_, in_flight_.front().first);
    in_flight_.clear();
}

/// Asks where the other side stands before anything is sent blindly.
void Uplink::resume(Instant now) {
    if (probe_due_ && now < *probe_due_) return;
    const bool repeated = probe_due_.has_value();
    if (!send_probe(now)) return;
    if (repeated) retransmission_.timed_out();
    probe_due_ = now + retransmission_.next_wait();
}

void Uplink::resend_overdue(Instant now) {
    if (in_flight_.empty() || now < in_flight_.front().due) return;
    const auto& oldest = in_flight_.front();
    if (oldest.first < outbox_.extent().lowest) return forget_flight();  // Evicted meanwhile.
    const auto sent = send_batch(oldest.first, oldest.last - oldest.first + 1, now);
    if (!sent) return;
    retransmission_.timed_out();
    in_flight_.front() = *sent;
    in_flight_.front().repeated = true;
    in_flight_.front().due = now + retransmission_.next_wait();
    counters_.counter("leat_agent_batches_resent_total", "Batches sent again after a time-out.")
        .add();
}

/// What is beyond the hole is sent when what was sent before it is answered: if the connection goes
/// again, as little as possible that may have been sent lies on both sides of the hole.
void Uplink::send_new(Instant now) {
    while (in_flight_.size() < options_.window_batches) {
        next_ = within_store(next_);
        if (next_ > outbox_.extent().head) return;
        const auto hole = outbox_.extent().hole;
        if (hole && next_ == hole->upto + 1 && !in_flight_.empty()) return;
        const auto sent = send_batch(next_, wire::kBatchRecordsMax, now);
        if (!sent) return;
        next_ = sent->last + 1;
        in_flight_.push_back(*sent);
    }
}

/// Everything is sent, but not everything is known to be applied: an answer may be lost, and `a`
/// moves by itself.
void Uplink::probe_when_quiet(Instant now) {
    const auto head = outbox_.extent().head;
    if (!in_flight_.empty() || next_ <= head) return;
    if (durable_ >= head && applied_ >= head) return;
    if (now - spoke_ >= options_.probe_every) send_probe(now);
}

std::optional<Uplink::InFlight> Uplink::send_batch(std::uint64_t first, std::size_t records_max,
                                                   Instant now) {
    const auto records = outbox_.read(first - 1, records_max, kLinesBytesMax);
    if (!records) {
        outbox_failed(records.error(), now);
        return std::nullopt;
    }
    if (records.value().empty()) return std::nullopt;
    const auto begin = records.value().front().seq;
    if (records.value().front().damaged) {
        pass_damaged(begin, now);
        return std::nullopt;
    }
    if (auto reserved = outbox_.reserve(records.value().back().seq); !reserved) {
        outbox_failed(reserved.error(), now);
        return std::nullopt;
    }
    if (!publish(begin, records.value(), now)) return std::nullopt;
    counters_.counter("leat_agent_batches_sent_total", "Batches handed to the broker.").add();
    return InFlight{.first = begin,
                    .last = records.value().back().seq,
                    .sent = now,
                    .due = now + retransmission_.next_wait(),
                    .repeated = false};
}

bool Uplink::send_probe(Instant now) {
    if (!publish(outbox_.extent().head + 1, {}, now)) return false;
    counters_.counter("leat_agent_probes_total", "Empty batches, sent to hear the marks.").add();
    return true;
}

bool Uplink::publish(std::uint64_t first, const std::vector<StoredRecord>& records, Instant now) {
    const auto before = outbox_.hash_at(first - 1);
    if (!before || !before.value()) {
        outbox_failed(before ? base::Error{base::Fault::transient, "a chain hash is missing"}
                             : before.error(),
                      now);
        return false;
    }
    const auto extent = outbox_.extent();
    const bool crosses = !records.empty() && extent.hole && first == extent.hole->upto + 1;
    std::vector<std::string_view> lines;
    for (const auto& record : records) lines.emplace_back(record.line);
    auto payload =
        wire::encode_batch({.incarnation = incarnation_,
                            .base = first,
                            .count = static_cast<std::uint32_t>(lines.size()),
                            .lowest = std::min(extent.lowest, first),
                            .before = *before.value(),
                            .now = clock_.event_time(),
                            .after = crosses ? std::optional{extent.hole->after} : std::nullopt},
                           lines);
    const auto bytes = payload.size();
    const auto sent = connection_.publish({.topic = options_.data_topic,
                                           .payload = std::move(payload),
                                           .qos = 1,
                                           .retain = false,
                                           .expiry = options_.expiry});
    if (!sent) return false;  // Not connected or too much on its way: the next tick tries again.
    spoke_ = now;
    if (!asked_) asked_ = now;
    counters_.counter("leat_agent_sent_bytes_total", "Bytes of batches handed to the broker.")
        .add(bytes);
    return true;
}

void Uplink::on_ack(std::string_view payload, Instant now) {
    const auto ack = wire::decode_ack(payload);
    if (!ack) return ignored("malformed");
    follow_incarnation();
    if (ack.value().incarnation != incarnation_) return ignored("incarnation");
    counters_
        .counter("leat_agent_acks_total", "Acknowledgements by what they answer.",
                 {{"answer", std::string{wire::to_text(ack.value().answer)}}})
        .add();
    act_on(ack.value(), now);
}

/// Does our own chain say the same at that place? Nobody else's word moves a mark.
base::Result<Uplink::Check> Uplink::check(const wire::Mark& mark) const {
    if (mark.seq > outbox_.extent().head) return Check::different;
    const auto own = outbox_.hash_at(mark.seq);
    if (!own) return own.error();
    if (!own.value()) return Check::unknown;  // Deleted long ago: an old answer, or Redis forgot.
    return *own.value() == mark.hash ? Check::same : Check::different;
}

void Uplink::act_on(const wire::Ack& ack, Instant now) {
    const auto durable = check(ack.durable);
    const auto applied = ack.applied ? check(*ack.applied) : base::Result<Check>{Check::unknown};
    if (!durable || !applied) {
        return outbox_failed(durable ? applied.error() : durable.error(), now);
    }
    const bool disagrees =
        durable.value() == Check::different || applied.value() == Check::different;
    const bool asked = ack.answer == wire::Answer::fork;
    // Who knows exactly our history and calls it another one is not believed.
    if (asked && !disagrees && durable.value() == Check::same) return ignored("unfounded_fork");
    if (asked || disagrees) return fork(ack, now);
    heard(now);
    if (applied.value() == Check::same) applied_ = std::max(applied_, ack.applied->seq);
    if (durable.value() == Check::unknown) ignored("unknown_hash");
    if (durable.value() == Check::same) release(ack.durable.seq, now);
    if (state_ == State::resuming) {
        state_ = State::streaming;
        probe_due_.reset();
        retransmission_.progress();
        next_ = within_store(ack.durable.seq + 1);
    }
    switch (ack.answer) {
        case wire::Answer::gap:
            return go_back(ack.expected, now);
        case wire::Answer::busy: {
            const auto wait = std::clamp(ack.retry_after, kBusyPauseMin, options_.busy_pause_max);
            const auto half = static_cast<std::uint64_t>(wait.count()) / 2;
            return pause(wait + Duration{random_.below(half + 1)}, now);
        }
        case wire::Answer::reject:
            alarm_ = "rejected: " + ack.reason;
            base::log_error("the centre rejects this node's records; they are kept",
                            {{"reason", ack.reason},
                             {"next_try_s", options_.reject_pause / std::chrono::seconds{1}}});
            return pause(options_.reject_pause, now);
        default:
            alarm_.clear();
    }
}

void Uplink::release(std::uint64_t durable, Instant now) {
    durable_ = std::max(durable_, durable);
    next_ = std::max(next_, durable + 1);
    bool released = false;
    while (!in_flight_.empty() && in_flight_.front().last <= durable) {
        const auto& oldest = in_flight_.front();
        if (!oldest.repeated) retransmission_.measured(now - oldest.sent);
        in_flight_.pop_front();
        released = true;
    }
    if (!released) return;
    retransmission_.progress();
    if (!in_flight_.empty()) in_flight_.front().due = now + retransmission_.next_wait();
}

void Uplink::go_back(std::uint64_t expected, Instant now) {
    const auto same_loss = std::max(retransmission_.smoothed(), kSameLossMin);
    if (expected == went_back_to_ && now - went_back_ < same_loss) return;
    went_back_to_ = expected;
    went_back_ = now;
    in_flight_.clear();
    next_ = within_store(expected);
    counters_.counter("leat_agent_gaps_answered_total", "Times it went back to fill a gap.").add();
}

void Uplink::pause(Duration duration, Instant now) {
    forget_flight();
    paused_until_ = now + duration;
}

void Uplink::fork(const wire::Ack& ack, Instant now) {
    if (!may_fork(now)) return;
    const auto prefix = proven_prefix(ack);
    const auto head = outbox_.extent().head;
    if (auto forked = outbox_.fork(prefix); !forked) return outbox_failed(forked.error(), now);
    alarm_ = fmt::format("forked: the centre knew another history of {}", to_text(incarnation_));
    base::log_error(
        "the centre knows another history of this node (restored or cloned card?); "
        "numbering anew",
        {{"old_incarnation", to_text(incarnation_)},
         {"stored_there", prefix},
         {"numbered_anew", head - prefix}});
    counters_.counter("leat_agent_forks_total", "New incarnations after a disagreement.").add();
    follow_incarnation();
}

bool Uplink::may_fork(Instant now) {
    if (last_fork_ && now - *last_fork_ < options_.fork_pause) {
        pause(*last_fork_ + options_.fork_pause - now, now);
        return false;
    }
    last_fork_ = now;
    return true;
}

/// Sent as it is it would break the chain, and what comes behind it could count twice. When all
/// before it is answered a new incarnation begins behind what is stored there.
void Uplink::pass_damaged(std::uint64_t seq, Instant now) {
    if (!in_flight_.empty() && in_flight_.front().first != seq) return;
    if (!may_fork(now)) return;
    // It wants again what it had: then only what the sink has is known to stay there.
    const auto prefix = std::min(durable_ < seq ? durable_ : applied_, outbox_.extent().head);
    if (auto forked = outbox_.fork(prefix); !forked) return outbox_failed(forked.error(), now);
    alarm_ = fmt::format("the card damaged record {} of {}", seq, to_text(incarnation_));
    base::log_error(
        "the card returned another record than it was given; numbering anew",
        {{"old_incarnation", to_text(incarnation_)}, {"record", seq}, {"stored_there", prefix}});
    counters_.counter("leat_agent_forks_total", "New incarnations after a disagreement.").add();
    follow_incarnation();
}

/// The longest run of our own records that the answer proves to be stored.
std::uint64_t Uplink::proven_prefix(const wire::Ack& ack) const {
    const auto proves = [this](const wire::Mark& mark) {
        const auto checked = check(mark);
        return checked && checked.value() == Check::same;
    };
    // What an earlier answer proved in this incarnation stays proven.
    std::uint64_t prefix = std::min(applied_, outbox_.extent().head);
    if (proves(ack.durable)) prefix = std::max(prefix, ack.durable.seq);
    if (ack.applied && proves(*ack.applied)) prefix = std::max(prefix, ack.applied->seq);
    return prefix;
}

void Uplink::outbox_failed(const base::Error& error, Instant now) {
    base::log_warn("the outbox cannot be read", {{"reason", error.detail}});
    counters_.counter("leat_agent_outbox_errors_total", "Errors of the outbox.").add();
    pause(options_.outbox_pause, now);
}

void Uplink::ignored(const char* reason) {
    counters_
        .counter("leat_agent_acks_ignored_total", "Acknowledgements that moved nothing.",
                 {{"reason", reason}})
        .add();
}

std::uint64_t Uplink::within_store(std::uint64_t seq) const {
    const auto extent = outbox_.extent();
    const bool is_gone = extent.hole && seq > extent.hole->after && seq <= extent.hole->upto;
    return std::clamp(is_gone ? extent.hole->upto + 1 : seq, extent.lowest, extent.head + 1);
}

}  // namespace agent
