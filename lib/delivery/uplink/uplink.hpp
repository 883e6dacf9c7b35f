#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "broker/connection.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/uplink/batch_limit.hpp"
#include "delivery/uplink/batch_sender.hpp"
#include "delivery/uplink/marks.hpp"
#include "delivery/uplink/retransmission.hpp"
#include "delivery/uplink/send_window.hpp"
#include "wire/ack.hpp"

namespace delivery {

/// Which acknowledgement permits the node to delete a record.
enum class Permission {
    applied,  // The sink has it.
    durable,  // Redis has it on disk. Does not survive a fail-over of Redis.
};

struct UplinkOptions {
    std::string node;
    std::string data_topic;
    Permission permission = Permission::applied;
    std::size_t window_batches = 2;
    base::Duration expiry = std::chrono::seconds{60};
    base::Duration probe_every = std::chrono::seconds{30};
    base::Duration reject_pause = std::chrono::hours{1};
    base::Duration busy_pause_max = std::chrono::minutes{10};
    base::Duration fork_pause = std::chrono::minutes{1};    // Between two forks.
    base::Duration outbox_pause = std::chrono::seconds{5};  // After an error of the outbox.
    base::Duration size_pause = std::chrono::minutes{1};    // Before a record that is too large.
    base::Duration silence = std::chrono::minutes{1};       // Then the log says so.
    RetransmissionOptions retransmission{};
};

/// The node's side of the delivery protocol (docs/delivery.md): sends committed records in order,
/// goes back when it has to, and believes no acknowledgement that its own chain does not confirm.
/// Does no I/O beyond the outbox and the connection, asks no clock, and never deletes a record:
/// settled() says up to where the outbox may.
class Uplink {
  public:
    Uplink(UplinkOptions options, Outbox& outbox, broker::Connection& connection,
           const base::Clock& clock, base::Counters& counters, std::uint64_t seed);
    Uplink(const Uplink&) = delete;  // Its window refers to its timer.
    Uplink& operator=(const Uplink&) = delete;

    /// One bounded step: sends again what is overdue, sends what is new, probes when it is quiet.
    void tick(base::Instant now);

    /// A message on the node's ack topic. Never trusted.
    void on_ack(std::string_view payload, base::Instant now);

    /// The marks of this incarnation as heard since the start; they only rise.
    std::uint64_t durable() const { return marks_.durable(); }
    std::uint64_t applied() const { return marks_.applied(); }

    /// Records up to here may be deleted.
    std::uint64_t settled() const {
        return options_.permission == Permission::applied ? applied() : durable();
    }

    /// Since its start it has learnt that the centre knows another history of this outbox, which is
    /// an older copy of the one that was acknowledged, or was copied into a second node.
    bool is_restored() const { return restored_; }

    /// What a person should know, such as a rejection or a fork. Empty when all is well.
    const std::string& alarm() const { return alarm_; }

  private:
    enum class State { offline, resuming, streaming };

    void follow_incarnation();
    void follow_session();
    void report_silence(base::Instant now);
    void note_answer(base::Instant now);
    void heed_refusal(base::Instant now);
    void shrink_when_stuck(base::Instant now);
    void shrink(std::size_t too_many, base::Instant now);
    void hold(const SentBatch& record, base::Instant now);
    void report_size(const SentBatch& record, const char* reason, base::Instant now);
    void resume(base::Instant now);
    void resend_overdue(base::Instant now);
    void send_new(base::Instant now);
    void probe_when_quiet(base::Instant now);

    std::optional<SentBatch> send_batch(std::uint64_t first, std::size_t records_max,
                                        base::Instant now);
    bool send_probe(base::Instant now);
    void note_sent(base::Instant now);

    void act_on(const wire::Ack& ack, base::Instant now);
    void observe_size(const wire::Ack& ack);
    void obey(const wire::Ack& ack, base::Instant now);
    void stream_from(std::uint64_t seq);
    void go_back(std::uint64_t expected, base::Instant now);
    void wait_as_told(base::Duration retry_after, base::Instant now);
    void stop_rejected(const std::string& reason, base::Instant now);
    void pause(base::Duration duration, base::Instant now);

    void fork(const wire::Ack& ack, base::Instant now);
    void fork_at_damaged(std::uint64_t seq, base::Instant now);
    bool may_fork(base::Instant now);
    bool begin_incarnation(std::uint64_t stored_upto, base::Instant now);

    void report_outbox_error(const base::Error& error, base::Instant now);
    void ignore(const char* reason);

    UplinkOptions options_;
    Outbox& outbox_;
    broker::Connection& connection_;
    base::Counters& counters_;
    base::Random random_;

    State state_ = State::offline;
    wire::Incarnation incarnation_;
    std::uint64_t session_ = 0;
    Marks marks_;
    Retransmission timer_;
    SendWindow window_;
    BatchLimit limit_;
    BatchSender sender_;
    std::optional<base::Instant> paused_until_;
    std::optional<base::Instant> probe_due_;  // While resuming: when to send the probe again.
    base::Duration probe_wait_;  // In quiet: until the next probe, while not all is applied.
    base::Instant spoke_;        // When anything was last sent or heard.
    std::optional<base::Instant> asked_;  // When the first message without an answer was sent.
    base::Reminder silence_;
    base::Reminder size_{std::chrono::hours{1}};
    std::optional<base::Instant> forked_;
    bool restored_ = false;
    std::uint64_t went_back_to_ = 0;
    base::Instant went_back_;
    std::string alarm_;
};

}  // namespace delivery
