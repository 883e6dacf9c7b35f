#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "agent/outbox/outbox.hpp"
#include "agent/uplink/retransmission.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "wire/ack.hpp"

namespace agent {

/// Whose word permits to delete a record.
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
    base::Duration silence = std::chrono::minutes{1};       // Then the log tells of it.
    RetransmissionOptions retransmission{};
};

/// The node's side of the delivery protocol (docs/delivery.md): sends committed records in order,
/// goes back when it has to, and believes no acknowledgement that its own chain does not confirm.
/// Does no I/O beyond the outbox and the connection, asks no clock, and never deletes a record: it
/// says up to where others may.
class Uplink {
  public:
    Uplink(UplinkOptions options, Outbox& outbox, broker::Connection& connection,
           const base::Clock& clock, base::Counters& counters, std::uint64_t seed);

    /// One bounded step: resends what is overdue, sends what is new, asks when it is quiet.
    void tick(base::Instant now);

    /// A message on the node's ack topic. Never trusted.
    void on_ack(std::string_view payload, base::Instant now);

    /// Marks of this incarnation as heard since the start; only ever rising, never beyond the head.
    std::uint64_t durable() const { return durable_; }
    std::uint64_t applied() const { return applied_; }

    /// Records up to here may be deleted.
    std::uint64_t settled() const {
        return options_.permission == Permission::applied ? applied_ : durable_;
    }

    /// What a person should know: a rejection, a fork. Empty when all is well.
    const std::string& alarm() const { return alarm_; }

  private:
    enum class State { offline, resuming, streaming };
    struct InFlight {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        base::Instant sent;
        base::Instant due;
        bool repeated = false;
    };
    enum class Check { same, unknown, different };

    void follow_incarnation();
    void follow_session();
    void tell_silence(base::Instant now);
    void heard(base::Instant now);
    void forget_flight();
    void resume(base::Instant now);
    void resend_overdue(base::Instant now);
    void send_new(base::Instant now);
    void probe_when_quiet(base::Instant now);
    std::optional<InFlight> send_batch(std::uint64_t first, std::size_t records_max,
                                       base::Instant now);
    bool send_probe(base::Instant now);
    bool publish(std::uint64_t first, const std::vector<StoredRecord>& records, base::Instant now);
    base::Result<Check> check(const wire::Mark& mark) const;
    void act_on(const wire::Ack& ack, base::Instant now);
    void release(std::uint64_t durable, base::Instant now);
    void go_back(std::uint64_t expected, base::Instant now);
    void pause(base::Duration duration, base::Instant now);
    void fork(const wire::Ack& ack, base::Instant now);
    void pass_damaged(std::uint64_t seq, base::Instant now);
    bool may_fork(base::Instant now);
    std::uint64_t proven_prefix(const wire::Ack& ack) const;
    void outbox_failed(const base::Error& error, base::Instant now);
    void ignored(const char* reason);
    std::uint64_t within_store(std::uint64_t seq) const;

    UplinkOptions options_;
    Outbox& outbox_;
    broker::Connection& connection_;
    const base::Clock& clock_;
    base::Counters& counters_;
    Retransmission retransmission_;
    base::Random random_;

    State state_ = State::offline;
    wire::Incarnation incarnation_;
    std::uint64_t session_ = 0;
    std::uint64_t next_ = 1;  // The next record to send.
    std::uint64_t durable_ = 0;
    std::uint64_t applied_ = 0;
    std::deque<InFlight> in_flight_;
    std::optional<base::Instant> paused_until_;
    std::optional<base::Instant> probe_due_;  // While resuming: of the repetition.
    base::Instant spoke_;                     // When anything was sent or heard.
    std::optional<base::Instant> asked_;      // The first of what has had no answer yet.
    bool silence_told_ = false;
    std::optional<base::Instant> last_fork_;
    std::uint64_t went_back_to_ = 0;
    base::Instant went_back_;
    std::string alarm_;
};

}  // namespace agent
